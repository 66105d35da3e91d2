// The gateway that people write with Node: express in front of a client that Apache's compiler made.
//
//     node gateway.js GENERATED_FOLDER UPSTREAM_PORT TYPE TYPES_FILE
//
// Answers POST /Echo/echo with {"value": ...} on a free port of loopback, which it prints.
"use strict";
const path = require("path");
const express = require("express");
const thrift = require("thrift");

const [folder, port, type, file] = process.argv.slice(2);
const Echo = require(path.resolve(folder, "Echo.js"));
const types = require(path.resolve(folder, file + "_types.js"));

const connection = thrift.createConnection("127.0.0.1", Number(port), {
  transport: thrift.TFramedTransport,
  protocol: thrift.TBinaryProtocol,
});
connection.on("error", (error) => { console.error(error); process.exit(1); });
const client = thrift.createClient(Echo, connection);

const app = express();
app.use(express.json({ limit: "16mb" }));
app.post("/Echo/echo", (request, response) => {
  client.echo(new types[type](request.body.value), (error, result) => {
    if (error) {
      response.status(502).json({ error: String(error) });
    } else {
      response.json(result);
    }
  });
});
const server = app.listen(0, "127.0.0.1", () => console.log(server.address().port));
