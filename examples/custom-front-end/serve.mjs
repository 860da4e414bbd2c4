// The front end and the API at one address: `npm start -- http://127.0.0.1:8000/api`, then http://127.0.0.1:5000/
// A browser sends the session's cookie to the site that set it alone, and the API refuses what another site's page sends.

import { readFile } from "node:fs/promises";
import { createServer, request } from "node:http";
import { extname } from "node:path";

const target = new URL(process.argv[2] ?? "http://127.0.0.1:8000/api");
const port = Number(process.env.PORT ?? 5000);
const TYPES = { ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript" };

/** Hand a request on as it came, and the answer back. */
function handOn(incoming, outgoing) {
  const path = target.pathname.replace(/\/$/, "") + incoming.url.slice("/api".length);
  const { method, headers } = incoming;
  const asked = request({ host: target.hostname, port: target.port, path, method, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode, answer.headers);
    answer.pipe(outgoing);
  });
  asked.on("error", () => outgoing.writeHead(502).end());
  incoming.pipe(asked);
}

async function serveFile(incoming, outgoing) {
  const { pathname } = new URL(incoming.url, "http://localhost"); // which has no `..` in it any more
  const name = pathname.replace(/\/$/, "/index.html");
  try {
    const content = await readFile(new URL(`./dist${name}`, import.meta.url));
    outgoing.writeHead(200, { "content-type": TYPES[extname(name)] ?? "application/octet-stream" }).end(content);
  } catch {
    outgoing.writeHead(404).end();
  }
}

createServer((incoming, outgoing) =>
  incoming.url.startsWith("/api/") ? handOn(incoming, outgoing) : serveFile(incoming, outgoing),
).listen(port, "127.0.0.1", () => console.log(`http://127.0.0.1:${port}/ (the API is at ${target})`));
