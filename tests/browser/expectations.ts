// Each error that is expected here is one: the generated types are as strict as the API.
// Copied into the example's sources by test_custom_front_end.py, and checked with them.

import { api, type Problem, type Schemas } from "./client";

// @ts-expect-error - a last name is required
export const unnamed: Schemas["CreateUser"] = { agreement: "a", first_name: "Zoé", email: "zoe@oliviers.example" };
// @ts-expect-error - there is no such field
export const unknown: Schemas["SignIn"] = { login: "a", password: "b", remember: true };
// @ts-expect-error - there is no such status
export const status: Schemas["UserView"]["status"] = "opened";
// @ts-expect-error - there is no such code
export const code: Problem["code"] = "email-is-taken";
// @ts-expect-error - there is no such kind of problem
export const kind: Problem["kind"] = "wrong";
// @ts-expect-error - whose users it creates stands in the address
export const nobodys = () => api.POST("/organizations/{organization}/users", { body: {} as Schemas["CreateUser"] });
// @ts-expect-error - nothing is at this address
export const nowhere = () => api.GET("/users");

// What may be left out may be left out, and what is answered is always there.
export const least: Schemas["CreateUser"] = { agreement: "a", last_name: "N", first_name: "Z", email: "z@o.example" };
export const next = (page: Schemas["PagedUserView"]): string | undefined => page.next?.after;
export const known: Problem["code"] = "email-taken";
