// Converts resources by the package fhir, which is not ours: reads [{json, xml}, ...] on standard input, each
// a resource in both formats, and writes [{json, xml}, ...], each in the format that the other was made into.
import { text } from "node:stream/consumers";
import { Fhir } from "fhir";

const fhir = new Fhir();
const convert = ({ json, xml }) => ({ json: fhir.xmlToJson(xml), xml: fhir.jsonToXml(json) });

console.log(JSON.stringify(JSON.parse(await text(process.stdin)).map(convert)));
