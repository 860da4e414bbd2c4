// The screens: signing in, one's users, creating one of them, closing an account.

import { answered, api, Refused, type Problem, type Schemas } from "./client";
import { button, h } from "./dom";
import { draw } from "./form";
import { recall, switchLanguage, words } from "./words";

type Screen = () => Promise<void>;

/** How many users are shown at once. */
const PAGE = 20;

const main = document.querySelector("main")!;
const status = document.querySelector("[role=status]")!;
let current: Screen = users;
/** Where signing in leads: to the screen that was left for it. */
let left: Screen = users;

/** Go to a screen. Where the API refuses what it asks, that says where to go instead. */
async function go(screen: Screen, said = ""): Promise<undefined> {
  current = screen;
  status.textContent = said;
  try {
    await screen();
  } catch (thrown) {
    if (!(thrown instanceof Refused)) throw thrown;
    const problem = await refused(thrown.problem);
    if (problem) show(words().users, h("p", { role: "alert", class: "refusal" }, problem.detail), leave());
  }
}

const INSTEAD: Partial<Record<Problem["code"], Screen>> = {
  "sign-in-demanded": signIn,
  "session-ended": signIn,
  "password-choice-demanded": choosePassword,
};

function instead({ code, detail }: Problem): Promise<undefined> {
  left = current;
  return go(INSTEAD[code]!, code === "sign-in-demanded" ? "" : detail);
}

/** Go on once it is done, be it by an earlier click of the same form; else give what was refused of it. */
async function done({ error }: { error?: Problem }, then: () => Promise<undefined>): Promise<Problem | undefined> {
  return !error || error.code === "done-already" ? then() : refused(error);
}

async function refused(problem: Problem): Promise<Problem | undefined> {
  return problem.code in INSTEAD ? instead(problem) : problem;
}

/** Its heading has the focus, so that whoever does not see the screen is told of it. */
function show(title: string, ...content: Node[]): void {
  const heading = h("h1", { tabindex: -1 }, title);
  main.replaceChildren(heading, ...content);
  document.title = title;
  heading.focus();
}

async function form(act: string): Promise<Schemas["OperationForm"]> {
  return answered(await api.GET("/forms/{act}", { params: { path: { act } } }));
}

/** Whose organization it is: nothing is kept here between two screens but the cookie, which scripts cannot read. */
async function organization(): Promise<string> {
  return answered(await api.GET("/sessions")).session!.organization;
}

// Signing in and out

async function signIn(): Promise<void> {
  const drawn = await form("sign-in");
  const send = async (body: Schemas["SignIn"]) => done(await api.POST("/sessions", { body }), () => go(left));
  show(drawn.title, draw(drawn, send));
}

async function choosePassword(): Promise<void> {
  const drawn = await form("choose-password");
  const send = async (body: Schemas["ChoosePassword"]) =>
    done(await api.POST("/own-password/choose", { body }), () => go(left));
  show(drawn.title, draw(drawn, send));
}

async function signOut(): Promise<void> {
  answered(await api.DELETE("/sessions"));
  left = users;
  await go(signIn);
}

function leave(): HTMLElement {
  return button(words().signOut, () => go(signOut));
}

// Users

async function users(): Promise<void> {
  const path = { organization: await organization() };
  const drawn = await form("list-users");
  const found = h("div", { tabindex: -1 });
  const search = async (asked: Schemas["ListUsers"]): Promise<Problem | undefined> => {
    const body = { ...asked, size: PAGE };
    const { data, error } = await api.POST("/organizations/{organization}/users/search", { params: { path }, body });
    if (error) return error;
    const more = async (after: string) => {
      const problem = await search({ ...body, after });
      if (problem) status.textContent = problem.detail;
      else found.focus();
    };
    const { next } = data;
    found.replaceChildren(table(data.items, drawn), ...(next ? [button(words().next, () => more(next.after))] : []));
    return undefined;
  };
  const problem = await search({});
  if (problem) throw new Refused(problem);
  const sought = async (body: Schemas["ListUsers"]) => search(body).then((problem) => problem && refused(problem));
  const text = drawn.fields.filter((field) => field.name === "text");
  const buttons = h("p", { class: "buttons" }, button(words().create, () => go(createUser)), leave());
  show(words().users, buttons, draw({ ...drawn, fields: text }, sought), found);
}

function table(items: Schemas["UserView"][], { fields }: Schemas["OperationForm"]): HTMLElement {
  if (!items.length) return h("p", {}, words().none);
  const statuses = fields.find((field) => field.name === "status")!.choices;
  const rows = items.map((user) => {
    const status = statuses.find(({ value }) => value === user.status)!.label;
    const name = `${user.person?.last_name ?? ""} ${user.person?.first_name ?? ""}`;
    const close = button(words().close, () => go(() => closeUser(user)));
    close.setAttribute("aria-label", `${words().close} ${name}`);
    const told = [user.person?.email ?? "", user.login ?? "", status, user.memberships.map(({ group }) => group).join(", ")];
    const acts = user.acts.includes("close") ? [close] : [];
    return h("tr", {}, h("th", { scope: "row" }, name), ...told.map((text) => h("td", {}, text)), h("td", {}, ...acts));
  });
  const columns = words().columns.map((column) => h("th", { scope: "col" }, column));
  const drawn = h("table", {}, h("thead", {}, h("tr", {}, ...columns)), h("tbody", {}, ...rows));
  return h("div", { class: "wide", role: "region", "aria-label": words().users, tabindex: 0 }, drawn);
}

async function createUser(): Promise<void> {
  const path = { organization: await organization() };
  const agreements = await api.GET("/organizations/{organization}/agreements", { params: { path } });
  const header = { "idempotency-key": crypto.randomUUID() };
  const send = async (body: Schemas["CreateUser"]) =>
    done(await api.POST("/organizations/{organization}/users", { params: { path, header }, body }), () =>
      go(users, words().created),
    );
  const drawn = await form("create-user");
  show(drawn.title, draw(drawn, send, { "list-agreements": answered(agreements) }), back());
}

/** Asked for on the terms that nobody changed the user since the list was read. */
async function closeUser(user: Schemas["UserView"]): Promise<void> {
  const path = { organization: await organization(), user: user.id };
  const header = { "idempotency-key": crypto.randomUUID(), "if-match": `"${user.version}"` };
  const send = async (body: Schemas["CloseUser"]) =>
    done(await api.POST("/organizations/{organization}/users/{user}/close", { params: { path, header }, body }), () =>
      go(users, words().closed),
    );
  const drawn = await form("close-user");
  show(`${drawn.title} (${user.person?.last_name ?? ""})`, draw(drawn, send), back());
}

function back(): HTMLElement {
  return h("p", {}, button(words().back, () => go(users)));
}

// The language

function offerLanguage(): void {
  const other = button(words().other, () => {
    switchLanguage();
    offerLanguage();
    void go(current);
  });
  document.querySelector("nav")!.replaceChildren(other);
}

recall();
offerLanguage();
void go(users);
