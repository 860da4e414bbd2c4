// The API, typed by its own description: `npm run client` writes `generated.ts`.

import createClient from "openapi-fetch";
import type { components, paths } from "./generated";
import { language, words } from "./words";

export type Schemas = components["schemas"];
export type Problem = Schemas["Problem"];

const address = document.querySelector<HTMLMetaElement>("meta[name=api]")?.content ?? "/api";

export const api = createClient<paths>({ baseUrl: address });

/** What the front end is told where nothing, or something else than the API, answers. */
const unreachable = (): Response =>
  Response.json({ code: "failed", detail: words().unreachable, field: null, errors: [] }, { status: 503 });

api.use({
  onRequest: ({ request }) => request.headers.set("accept-language", language()),
  onResponse: ({ response }) => {
    const told = response.headers.get("content-type") ?? "";
    return response.ok || told.includes("problem+json") ? undefined : unreachable();
  },
  onError: unreachable,
});

/** A problem on the way to whoever can do something about it. */
export class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
  }
}

/** What was answered; a problem is thrown. */
export function answered<T>({ data, error }: { data?: T; error?: Problem }): T {
  if (error) throw new Refused(error);
  return data as T;
}
