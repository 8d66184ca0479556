"use strict";
// Printing with or without solutions: the choice is remembered, also for the browser's own menu.
const printKey = "momentum-print-solutions";
const remembered = () => {
  try {
    return localStorage.getItem(printKey);
  } catch {
    return null; // a browser may forbid storage
  }
};
const choosePrint = (choice) => {
  document.documentElement.dataset.printSolutions = choice;
  try {
    localStorage.setItem(printKey, choice);
  } catch {
    // then it holds for this page
  }
};
// The buttons of the page call it.
function printPage(choice) {
  choosePrint(choice);
  window.print();
}
document.documentElement.dataset.printSolutions = remembered() ?? "with";
