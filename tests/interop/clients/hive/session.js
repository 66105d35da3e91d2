// session.js tcp|sasl|http PORT: what a program does with Hive, by hive-driver; what it saw, as JSON.
'use strict';

const hive = require('hive-driver');
const { TCLIService, TCLIService_types: types } = hive.thrift;

const [how, port] = process.argv.slice(2);
const ways = {
  tcp: () => [{}, new hive.connections.TcpConnection(), new hive.auth.NoSaslAuthentication()],
  sasl: () => [{}, new hive.connections.TcpConnection(),
    new hive.auth.PlainTcpAuthentication({ username: 'me', password: 'pw' })],
  http: () => [{ path: '/cliservice' }, new hive.connections.HttpConnection(),
    new hive.auth.PlainHttpAuthentication({ username: 'me', password: 'pw' })],
};

async function main() {
  const [options, connection, authentication] = ways[how]();
  const client = new hive.HiveClient(TCLIService, types);
  const utils = new hive.HiveUtils(types);
  client.on('error', (error) => { throw error; });
  await client.connect({ host: '127.0.0.1', port: Number(port), options }, connection, authentication);
  const seen = {};

  const session = await client.openSession({
    client_protocol: types.TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V10,
    username: 'me',
    configuration: { x: '1' },
  });
  seen.name = (await session.getInfo(types.TGetInfoType.CLI_DBMS_NAME)).getValue();

  try {
    const operation = await session.executeStatement('select * from t',
      { runAsync: true, queryTimeout: 0 });
    await utils.waitUntilReady(operation, false, () => {});
    await operation.fetch();  // what stands at the server's end is the same for ever: not fetchAll
    seen.rows = utils.getResult(operation).getValue();
    seen.closed = (await operation.close()).success();
  } catch (error) {
    seen.error = { name: error.name, code: error.code, message: error.message, stack: error.stack };
  }
  seen.ended = (await session.close()).success();
  client.close();
  return seen;
}

main().then((seen) => {
  process.stdout.write(JSON.stringify(seen), () => process.exit(0));
}, (error) => {
  console.error(error);
  process.exit(1);
});
