// One field of a form: its label and hint, what is typed or chosen in it, and what was refused of it.

import type { Schemas } from "./client";
import { h } from "./dom";
import { words } from "./words";

type Choice = Schemas["Choice"];
type Field = Schemas["DescribedField"];

const TYPES: Partial<Record<Schemas["Format"], string>> = {
  email: "email",
  phone: "tel",
  date: "date",
  password: "password",
  number: "number",
  boolean: "checkbox",
};

export class Control {
  readonly element: HTMLElement;
  private readonly typed: HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement | HTMLFieldSetElement;
  private readonly refusal: HTMLElement;
  private choices: Choice[] = [];

  constructor(readonly field: Field) {
    const id = `field-${field.name}`;
    const hint = h("small", { id: `${id}-hint` }, field.hint);
    this.refusal = h("p", { id: `${id}-refusal`, class: "refusal" });
    this.typed = typed(field, { id, "aria-describedby": `${hint.id} ${this.refusal.id}` });
    const label = field.required ? `${field.label} *` : field.label;
    if (this.typed instanceof HTMLFieldSetElement) {
      this.element = this.typed;
      this.element.append(h("legend", {}, label), hint, this.refusal);
    } else {
      this.element = h("div", { class: "field" }, h("label", { for: id }, label), hint, this.typed, this.refusal);
    }
  }

  /** Let these be chosen; the one that counts by itself, or that alone is there, is chosen already. */
  offer(choices: Choice[]): void {
    this.choices = choices;
    if (this.typed instanceof HTMLSelectElement) {
      const first = choices.findIndex(({ value }) => value === this.field.default || choices.length === 1);
      const options = choices.map(({ label }, place) => h("option", { value: place, selected: place === first }, label));
      this.typed.replaceChildren(...(first < 0 ? [h("option", { value: "" }, words().choose)] : []), ...options);
    } else if (this.typed instanceof HTMLFieldSetElement) {
      const boxes = choices.map(({ label }, place) => h("label", {}, h("input", { type: "checkbox", value: place }), label));
      this.typed.querySelectorAll("label").forEach((label) => label.remove());
      this.refusal.before(...boxes);
    }
  }

  /** What is sent; undefined where nothing was typed or chosen. */
  value(): unknown {
    if (this.typed instanceof HTMLFieldSetElement) {
      const ticked = [...this.typed.querySelectorAll<HTMLInputElement>("input:checked")];
      return ticked.length ? ticked.map((box) => this.choices[Number(box.value)]?.value) : undefined;
    }
    if (this.typed.value === "") return undefined;
    if (this.typed instanceof HTMLSelectElement) return this.choices[Number(this.typed.value)]?.value;
    if (this.field.format === "boolean") return (this.typed as HTMLInputElement).checked;
    return this.field.format === "number" ? Number(this.typed.value) : this.typed.value;
  }

  /** Say what was refused of it; an empty text takes that back. What was typed stays, passwords excepted. */
  refuse(detail: string): void {
    this.refusal.textContent = detail;
    if (this.field.format === "password") (this.typed as HTMLInputElement).value = "";
    if (!(this.typed instanceof HTMLFieldSetElement)) this.typed.setAttribute("aria-invalid", String(detail !== ""));
  }

  focus(): void {
    (this.typed instanceof HTMLFieldSetElement ? this.typed.querySelector("input") : this.typed)?.focus();
  }
}

function typed(field: Field, common: Record<string, string>) {
  const attributes = { ...common, required: field.required, maxlength: field.most, autocomplete: field.autocomplete || "off" };
  if (field.format === "choices") return h("fieldset", common);
  if (field.format === "choice") return h("select", attributes);
  if (field.format === "lines") return h("textarea", attributes);
  return h("input", { ...attributes, type: TYPES[field.format] ?? "text" });
}
