type Child = Node | string;

/** An element with these attributes, of which true ones are empty and false ones absent. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string | number | boolean | null> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false && value !== null && value !== "") element.setAttribute(name, value === true ? "" : `${value}`);
  }
  element.append(...children);
  return element;
}

export function button(label: string, act: () => unknown): HTMLButtonElement {
  const made = h("button", { type: "button" }, label);
  made.addEventListener("click", act);
  return made;
}
