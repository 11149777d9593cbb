// A webhook as apps of other platforms are: told of an order over HTTP, it reads the order and turns its tag through the API.
import http from "node:http";

const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });

function ask(api, token, method, path, body) {
  return new Promise((resolve, reject) => {
    const text = body ? JSON.stringify(body) : "";
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json", "content-length": Buffer.byteLength(text) };
    const request = http.request({ host: api.host, port: api.port, method, path, agent, headers }, (response) => {
      let said = "";
      response.setEncoding("utf8");
      response.on("data", (part) => (said += part));
      response.on("end", () => (response.statusCode < 300 ? resolve(JSON.parse(said)) : reject(new Error(`${response.statusCode} ${said}`))));
    });
    request.on("error", reject);
    request.end(text);
  });
}

async function turn({ api, token, store, order }) {
  const path = `/api/v1/stores/${store}/orders/${order}`;
  const found = await ask(api, token, "GET", path);
  if (found.tags.includes("seen")) await ask(api, token, "DELETE", `${path}/tags/seen`);
  else await ask(api, token, "POST", `${path}/tags`, { tag: "seen" });
}

const server = http.createServer((request, response) => {
  let said = "";
  request.setEncoding("utf8");
  request.on("data", (part) => (said += part));
  request.on("end", () =>
    turn(JSON.parse(said)).then(
      () => response.end("ok"),
      (error) => {
        response.statusCode = 500;
        response.end(String(error));
      },
    ),
  );
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
// Ends with whoever started it.
process.stdin.on("end", () => process.exit(0)).resume();
