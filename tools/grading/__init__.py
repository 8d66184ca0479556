"""Grade submissions with nbgrader, and list each student's right answers."""
