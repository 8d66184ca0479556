"""A test as a QTI 2.1 package, which learning platforms import."""

import zipfile
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

QTI = "http://www.imsglobal.org/xsd/imsqti_v2p1"
PACKAGE = "http://www.imsglobal.org/xsd/imscp_v1p1"
MATCH = "http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"
TEST = "imsqti_test_xmlv2p1"
ITEM = "imsqti_item_xmlv2p1"


def write(target, title, questions):
    """Write the package of a test; the same questions give the same bytes."""
    names = [f"question-{question.number:02}" for question in questions]
    files = {"imsmanifest.xml": manifest(title, names), "test.xml": test(title, names)}
    files |= {f"{name}.xml": item(name, q) for name, q in zip(names, questions)}
    with zipfile.ZipFile(target, "w") as package:
        for name, root in files.items():
            ElementTree.indent(root, " ")
            data = ElementTree.tostring(root, "utf-8", xml_declaration=True)
            package.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)


def item(name, question):
    """Return one question with one right answer as an assessmentItem."""
    named = {"identifier": name, "title": f"{question.number}. {question.idea}"}
    root = Element("assessmentItem", xmlns=QTI, adaptive="false", timeDependent="false", **named)
    response = {"identifier": "RESPONSE", "cardinality": "single", "baseType": "identifier"}
    declared = SubElement(root, "responseDeclaration", response)
    SubElement(SubElement(declared, "correctResponse"), "value").text = question.right
    score = {"identifier": "SCORE", "cardinality": "single", "baseType": "float"}
    declared = SubElement(root, "outcomeDeclaration", score)
    SubElement(SubElement(declared, "defaultValue"), "value").text = "0"
    ask = {"responseIdentifier": "RESPONSE", "shuffle": "false", "maxChoices": "1"}
    interaction = SubElement(SubElement(root, "itemBody"), "choiceInteraction", ask)
    SubElement(interaction, "prompt").text = question.ask
    for letter, choice in question.lettered():
        SubElement(interaction, "simpleChoice", identifier=letter).text = choice
    SubElement(root, "responseProcessing", template=MATCH)
    return root


def test(title, names):
    """Return the test that asks all items in order, as an assessmentTest."""
    root = Element("assessmentTest", xmlns=QTI, identifier="understanding", title=title)
    mode = {"navigationMode": "nonlinear", "submissionMode": "simultaneous"}
    part = SubElement(root, "testPart", identifier="all", **mode)
    section = SubElement(part, "assessmentSection", identifier="s", title=title, visible="true")
    for name in names:
        SubElement(section, "assessmentItemRef", identifier=name, href=f"{name}.xml")
    return root


def manifest(title, names):
    """Return the list of the package's files."""
    root = Element("manifest", xmlns=PACKAGE, identifier="package")
    metadata = SubElement(root, "metadata")
    SubElement(metadata, "schema").text = "QTIv2.1 Package"
    SubElement(metadata, "schemaversion").text = "1.0.0"
    SubElement(root, "organizations")
    resources = SubElement(root, "resources")
    whole = resource(resources, "test", TEST)
    for name in names:
        SubElement(whole, "dependency", identifierref=name)
        resource(resources, name, ITEM)
    return root


def resource(resources, name, kind):
    file = f"{name}.xml"
    found = SubElement(resources, "resource", identifier=name, type=kind, href=file)
    SubElement(found, "file", href=file)
    return found
