// spans.js udp PORT | http URL: reports three spans by jaeger-client; their ids, as JSON.
'use strict';

const { initTracer } = require('jaeger-client');
const { followsFrom } = require('opentracing');

const [how, where] = process.argv.slice(2);
const reporter = how === 'udp'
  ? { agentHost: '127.0.0.1', agentPort: Number(where) }
  : { collectorEndpoint: where };
reporter.flushIntervalMs = 60000;  // one batch, when the tracer is closed

const errors = [];
const logger = { info() {}, error(text) { errors.push(text); } };
const tracer = initTracer(
  { serviceName: 'shop-' + how, sampler: { type: 'const', param: 1 }, reporter },
  { logger, tags: { 'app.version': '1.2.3', n: 42 } });

const order = tracer.startSpan('GET /order', {
  startTime: 1700000000123,
  tags: { user: 'Zo\u00eb \u2615', ok: true, ratio: 0.25, big: Number.MAX_SAFE_INTEGER },
});
order.log({ event: 'cache miss', key: 'order:17' }, 1700000000124);
const sql = tracer.startSpan('sql', {
  startTime: 1700000000124, childOf: order, tags: { 'db.statement': 'SELECT 1', error: true },
});
sql.finish(1700000000125);
const later = tracer.startSpan('later', { startTime: 1700000000126, references: [followsFrom(order.context())] });
later.finish(1700000000126);
order.finish(1700000000130);

const ids = {
  trace: order.context().traceIdStr, order: order.context().spanIdStr,
  sql: sql.context().spanIdStr, later: later.context().spanIdStr,
};
tracer.close(() => {
  if (errors.length > 0) {
    console.error(errors.join('\n'));
    process.exit(1);
  }
  process.stdout.write(JSON.stringify(ids), () => process.exit(0));
});
