// Draws any form that the API describes, and puts each refusal by its field.

import type { Problem, Schemas } from "./client";
import { Control } from "./control";
import { h } from "./dom";
import { offered } from "./offered";
import { words } from "./words";

/** What answers the questions that fields name as the source of their choices, by the question's code. */
type Answers = Record<string, unknown>;
/** Sends what was filled in; gives what was refused of it, if anything was. */
type Send<Body> = (body: Body) => Promise<Problem | undefined>;

/** The form, whose `Body` is what the act is asked, as the generated types have it. */
export function draw<Body>(form: Schemas["OperationForm"], send: Send<Body>, answers: Answers = {}): HTMLFormElement {
  const controls = form.fields.map((field) => new Control(field));
  controls.forEach((control) => keepOffering(control, controls, answers));
  const alert = h("p", { class: "refusal", role: "alert", tabindex: -1 });
  const note = form.fields.some((field) => field.required) ? [h("p", {}, words().required)] : [];
  const fields = controls.map((control) => control.element);
  const element = h("form", { novalidate: true }, alert, ...note, ...fields, h("button", {}, form.submit));
  element.addEventListener("submit", async (event) => {
    event.preventDefault();
    const problem = missing(controls) ?? (await send(body(controls) as Body));
    if (problem && element.isConnected) tell(problem, controls, alert);
  });
  return element;
}

/** Offer a field's choices; those within another's choice anew, each time that another is chosen there. */
function keepOffering(control: Control, controls: Control[], answers: Answers): void {
  const { choices, source } = control.field;
  const outer = controls.find(({ field }) => field.name === source?.within);
  const offer = () => control.offer(source ? offered(answers[source.query], source, outer?.value()) : choices);
  outer?.element.addEventListener("change", offer);
  offer();
}

/** What people must fill in and did not: a confirmation, too, which programs may leave out. */
function missing(controls: Control[]): Pick<Problem, "errors" | "field" | "detail"> | undefined {
  const lacking = controls.filter((control) => control.field.required && control.value() === undefined);
  const errors = lacking.map(({ field }) => ({ field: field.name, code: "missing" as const, detail: words().missing }));
  return errors.length ? { errors, field: null, detail: "" } : undefined;
}

/** What is sent: `dates.opening` stands in `dates`; nothing for what was left empty, but where it repeats what was not. */
function body(controls: Control[]): Record<string, unknown> {
  const sent: Record<string, unknown> = {};
  for (const control of controls) {
    const repeated = controls.find(({ field }) => field.name === control.field.confirms);
    const value = control.value() ?? (repeated?.value() === undefined ? undefined : "");
    const [name, inner] = control.field.name.split(".") as [string, string?];
    if (value !== undefined) sent[name] = inner ? { ...(sent[name] as object), [inner]: value } : value;
  }
  return sent;
}

/** Say each refusal by its field, the others above the form, and lead there. */
function tell(problem: Pick<Problem, "errors" | "field" | "detail">, controls: Control[], alert: HTMLElement): void {
  const flaws = problem.errors.length ? problem.errors : [problem];
  const by = (control: Control) => flaws.find((flaw) => flaw.field === control.field.name);
  controls.forEach((control) => control.refuse(by(control)?.detail ?? ""));
  const elsewhere = flaws.filter((flaw) => !controls.some(({ field }) => field.name === flaw.field));
  alert.textContent = elsewhere.map((flaw) => flaw.detail).join(" ");
  (elsewhere.length ? alert : controls.find(by))?.focus();
}
