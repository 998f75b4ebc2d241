import { render } from "preact";
import type { ReportData } from "../src/report/data.js";
import { App } from "./app.js";
import "./style.css";

const data: ReportData = JSON.parse(document.getElementById("report-data")?.textContent ?? "{}");
const root = document.getElementById("report");
if (root) render(<App data={data} />, root);
