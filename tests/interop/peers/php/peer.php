<?php
// The peer on Apache's PHP runtime (Debian's php-thrift). PEER_GEN names the generated code. The HTTP
// server is PHP's own, which runs this file for each request.

error_reporting(E_ALL & ~E_DEPRECATED);
spl_autoload_register(function ($class) {
    foreach (['Thrift\\' => '/usr/lib/php/', 'Cross\\' => getenv('PEER_GEN') . '/Cross/'] as $prefix => $folder) {
        if (strncmp($class, $prefix, strlen($prefix)) === 0) {
            require_once $folder . str_replace('\\', '/', substr($class, strlen($prefix))) . '.php';
        }
    }
});

use Cross\Insanity;
use Cross\Numberz;
use Cross\Xception;
use Cross\Xception2;
use Cross\Xtruct;
use Cross\Xtruct2;
use Thrift\Exception\TApplicationException;
use Thrift\Exception\TException;
use Thrift\Factory\TBinaryProtocolFactory;
use Thrift\Factory\TCompactProtocolFactory;
use Thrift\Factory\TJSONProtocolFactory;
use Thrift\Factory\TTransportFactory;
use Thrift\Protocol\TBinaryProtocolAccelerated;
use Thrift\Protocol\TMultiplexedProtocol;
use Thrift\Server\TForkingServer;
use Thrift\Server\TServerSocket;
use Thrift\TMultiplexedProcessor;
use Thrift\Transport\TBufferedTransport;
use Thrift\Transport\TFramedTransport;
use Thrift\Transport\THttpClient;
use Thrift\Transport\TPhpStream;
use Thrift\Transport\TSocket;
use Thrift\Type\TMessageType;

class FramedFactory extends TTransportFactory
{
    public static function getTransport(Thrift\Transport\TTransport $transport)
    {
        return new TFramedTransport($transport);
    }
}

class BufferedFactory extends TTransportFactory
{
    public static function getTransport(Thrift\Transport\TTransport $transport)
    {
        return new TBufferedTransport($transport, 1024, 1024);
    }
}

class AcceleratedFactory implements Thrift\Factory\TProtocolFactory
{
    public function getProtocol($transport)
    {
        return new TBinaryProtocolAccelerated($transport);
    }
}

function protocol_factory($protocol)
{
    $plain = ['multi' => 'binary', 'multic' => 'compact', 'multij' => 'json'];
    switch ($plain[$protocol] ?? $protocol) {
        case 'compact': return new TCompactProtocolFactory();
        case 'json': return new TJSONProtocolFactory();
        case 'accel': return new AcceleratedFactory();
        default: return new TBinaryProtocolFactory();
    }
}

class Handler implements Cross\ThriftTestIf, Cross\SecondServiceIf
{
    public function testVoid() {}
    public function testString($thing) { return $thing; }
    public function testBool($thing) { return $thing; }
    public function testByte($thing) { return $thing; }
    public function testI32($thing) { return $thing; }
    public function testI64($thing) { return $thing; }
    public function testDouble($thing) { return $thing; }
    public function testBinary($thing) { return $thing; }
    public function testStruct(Xtruct $thing) { return $thing; }
    public function testNest(Xtruct2 $thing) { return $thing; }
    public function testMap(array $thing) { return $thing; }
    public function testStringMap(array $thing) { return $thing; }
    public function testSet(array $thing) { return $thing; }
    public function testList(array $thing) { return $thing; }
    public function testEnum($thing) { return $thing; }
    public function testTypedef($thing) { return $thing; }
    public function testMapMap($hello)
    {
        return [-4 => [-4 => -4, -3 => -3, -2 => -2, -1 => -1], 4 => [1 => 1, 2 => 2, 3 => 3, 4 => 4]];
    }
    public function testInsanity(Insanity $argument)
    {
        return [1 => [Numberz::TWO => $argument, Numberz::THREE => $argument],
                2 => [Numberz::SIX => new Insanity()]];
    }
    public function testMulti($arg0, $arg1, $arg2, array $arg3, $arg4, $arg5)
    {
        return xtruct('Hello2', $arg0, $arg1, $arg2);
    }
    public function testException($arg)
    {
        if ($arg === 'Xception') {
            throw new Xception(['errorCode' => 1001, 'message' => $arg]);
        }
        if ($arg === 'TException') {
            throw new TApplicationException('as asked for', TApplicationException::INTERNAL_ERROR);
        }
    }
    public function testMultiException($arg0, $arg1)
    {
        if ($arg0 === 'Xception') {
            throw new Xception(['errorCode' => 1001, 'message' => 'This is an Xception']);
        }
        if ($arg0 === 'Xception2') {
            $inner = new Xtruct(['string_thing' => 'This is an Xception2']);
            throw new Xception2(['errorCode' => 2002, 'struct_thing' => $inner]);
        }
        return new Xtruct(['string_thing' => $arg1]);
    }
    public function testOneway($seconds) {}
    public function secondtestString($thing) { return 'testString("' . $thing . '")'; }
}

// What TMultiplexedProcessor uses, and Debian's package does not have.
class StoredMessageProtocol extends Thrift\Protocol\TProtocolDecorator
{
    private $message;

    public function __construct($protocol, $name, $type, $sequence_id)
    {
        parent::__construct($protocol);
        $this->message = [$name, $type, $sequence_id];
    }

    public function readMessageBegin(&$name, &$type, &$sequence_id)
    {
        [$name, $type, $sequence_id] = $this->message;
    }
}
class_alias('StoredMessageProtocol', 'Thrift\StoredMessageProtocol');

// The generated processor lets what is not declared end the connection.
class Processor extends Cross\ThriftTestProcessor
{
    protected function process_testException($seqid, $input, $output)
    {
        try {
            parent::process_testException($seqid, $input, $output);
        } catch (TApplicationException $e) {
            $output->writeMessageBegin('testException', TMessageType::EXCEPTION, $seqid);
            $e->write($output);
            $output->writeMessageEnd();
            $output->getTransport()->flush();
        }
    }
}

function processor($protocol)
{
    $plain = new Processor(new Handler());
    if (strncmp($protocol, 'multi', 5) !== 0) {
        return $plain;
    }
    $both = new TMultiplexedProcessor();
    $both->registerProcessor('ThriftTest', $plain);
    $both->registerProcessor('SecondService', new Cross\SecondServiceProcessor(new Handler()));
    return $both;
}

function serve($options)
{
    if ($options['transport'] === 'http') {
        pcntl_exec(PHP_BINARY, ['-S', 'localhost:' . $options['port'], __FILE__],
                   ['PEER_PROTOCOL' => $options['protocol'], 'PATH' => getenv('PATH')] + getenv());
    }
    $socket = new TServerSocket('localhost', $options['port']);
    $transport = $options['transport'] === 'framed' ? new FramedFactory() : new BufferedFactory();
    $protocol = protocol_factory($options['protocol']);
    $server = new TForkingServer(processor($options['protocol']), $socket, $transport, $transport, $protocol, $protocol);
    $server->serve();
}

function serve_request()
{
    header('Content-Type: application/x-thrift');
    $transport = new TBufferedTransport(new TPhpStream(TPhpStream::MODE_R | TPhpStream::MODE_W));
    $protocol = protocol_factory(getenv('PEER_PROTOCOL'))->getProtocol($transport);
    $transport->open();
    processor(getenv('PEER_PROTOCOL'))->process($protocol, $protocol);
    $transport->close();
}

$failures = 0;

function expect($what, $got, $wanted)
{
    global $failures;
    // Objects and maps by what they hold, whatever its order; everything else by type as well.
    if (is_object($wanted) || is_array($wanted) ? $got == $wanted : $got === $wanted) {
        return;
    }
    ++$failures;
    printf("a wrong result of %s: %.300s, wanted %.300s\n", $what, var_export($got, true), var_export($wanted, true));
}

function thrown($call)
{
    try {
        $call();
    } catch (TApplicationException $e) {
        return 'application';
    } catch (TException $e) {
        return $e;
    }
    return null;
}

function xtruct($text, $byte, $i32, $i64)
{
    return new Xtruct(['string_thing' => $text, 'byte_thing' => $byte, 'i32_thing' => $i32, 'i64_thing' => $i64]);
}

function like($error, $code, $message)
{
    return $error instanceof Xception && $error->errorCode === $code && $error->message === $message;
}

function call_all($options)
{
    $ssl = isset($options['ssl']);
    if ($options['transport'] === 'http') {
        $tls = ['ssl' => ['cafile' => $options['certs'] . '/CA.pem']];
        $transport = new THttpClient('localhost', $options['port'], '/', $ssl ? 'https' : 'http', $ssl ? $tls : []);
        $transport->setTimeoutSecs(20);
    } else {
        $socket = new TSocket('localhost', $options['port']);
        if ($ssl) {  // the library's own way of it fails with PHP 8
            $socket->setHandle(stream_socket_client('ssl://localhost:' . $options['port']));
        }
        $socket->setSendTimeout(20000);
        $socket->setRecvTimeout(20000);
        $transport = $options['transport'] === 'framed' ? new TFramedTransport($socket)
                                                        : new TBufferedTransport($socket, 1024, 1024);
    }
    $protocol = protocol_factory($options['protocol'])->getProtocol($transport);
    $second = null;
    if (strncmp($options['protocol'], 'multi', 5) === 0) {
        $second = new Cross\SecondServiceClient(new TMultiplexedProtocol($protocol, 'SecondService'));
        $protocol = new TMultiplexedProtocol($protocol, 'ThriftTest');
    }
    $client = new Cross\ThriftTestClient($protocol);
    if (!$transport->isOpen()) {
        $transport->open();
    }
    $json = strpos($options['protocol'], 'j') !== false;
    $languages = "\u{c6}nglisc, \u{627}\u{644}, \u{65e5}\u{672c}\u{8a9e}, e\u{301}, \u{1f600}";
    $all = implode('', array_map('chr', range(0, 255)));
    $values = [
        'testString' => ['', 'Test', str_repeat('Python', 20), $languages, str_repeat('x', $json ? 2000 : 20000),
                         "quote: \" backslash: \\ slash: / \f\n\r\t ]] \\\" }}}{ [[["],
        'testBool' => [true, false],
        'testByte' => [0, 1, -1, 127, -128],
        'testI32' => [0, 1, -1, 190000013, 2147483647, -2147483648],
        'testI64' => [0, 7000000000000000123, -7000000000000000123, 4294967296, -34359738368, PHP_INT_MAX],
        'testDouble' => [-1.5, -5.2098523, 7.012052175215044, -0.000341012439638598279, 1e307, 1e-292],
        'testBinary' => ['', $all, str_repeat("\xfe", $json ? 3000 : 70000)],
        'testTypedef' => [309858235082523],
        'testEnum' => [1, 2, 3, 5, 6, 8],
        'testMap' => [[], [0 => -10, 1 => -9, -1 => -8]],
        'testStringMap' => [[], ['a' => '2', 'a b' => '', 'some' => str_repeat('l', 2000)]],
        'testSet' => [[], [-2 => true, 0 => true, 2 => true]],
        'testList' => [[], [-2, -1, 0, 1, 2], range(1, 20)],
        'testStruct' => [xtruct('Zero', 1, -3, -5), xtruct('', 0, 0, 0)],
        'testNest' => [new Xtruct2(['byte_thing' => 1, 'struct_thing' => xtruct('Zero', 1, -3, -5), 'i32_thing' => 5])],
    ];
    if ($json) {
        unset($values['testBinary']);  // PHP's JSON has no base64
    }
    expect('testVoid', $client->testVoid(), null);
    foreach ($values as $method => $list) {
        foreach ($list as $value) {
            expect($method, $client->$method($value), $value);
        }
    }
    $handler = new Handler();
    expect('testMapMap', $client->testMapMap(42), $handler->testMapMap(42));
    if ($second) {
        expect('secondtestString', $second->secondtestString('foo'), 'testString("foo")');
    }
    $insane = new Insanity(['userMap' => [5 => 5, 8 => 8],
                            'xtructs' => [xtruct('Goodbye4', 4, 4, 4), xtruct('Hello2', 2, 2, 2)]]);
    $got = $client->testInsanity($insane);
    expect('testInsanity 2 6', empty($got[2][6]->userMap) && empty($got[2][6]->xtructs), true);
    $got[2][6] = new Insanity();
    expect('testInsanity', $got, $handler->testInsanity($insane));
    expect('testMulti', $client->testMulti(42, 4242, 424242, [1 => 'blah', 2 => 'thing'], 8, 24),
           xtruct('Hello2', 42, 4242, 424242));
    $error = thrown(function () use ($client) { $client->testException('Xception'); });
    expect('testException', like($error, 1001, 'Xception'), true);
    expect('testException TException', thrown(function () use ($client) { $client->testException('TException'); }),
           'application');
    expect('testException success', thrown(function () use ($client) { $client->testException('success'); }), null);
    $error = thrown(function () use ($client) { $client->testMultiException('Xception', 'x'); });
    expect('testMultiException', like($error, 1001, 'This is an Xception'), true);
    $error = thrown(function () use ($client) { $client->testMultiException('Xception2', 'x'); });
    expect('testMultiException 2', $error instanceof Xception2 && $error->errorCode === 2002 &&
           $error->struct_thing->string_thing === 'This is an Xception2', true);
    expect('testMultiException success', $client->testMultiException('success', 'foobar')->string_thing, 'foobar');
    $start = microtime(true);
    $client->testOneway(1);
    expect('testOneway at once', microtime(true) - $start < 0.9, true);
    expect('testI32 after testOneway', $client->testI32(-1), -1);
    $transport->close();
}

if (PHP_SAPI === 'cli-server') {
    serve_request();
    return;
}
$options = [];
foreach (array_slice($argv, 2) as $word) {
    [$name, $value] = explode('=', substr($word, 2), 2) + [1 => true];
    $options[$name] = $value;
}
if ($argv[1] === 'server') {
    serve($options);
    exit(0);
}
try {
    call_all($options);
    call_all($options);
} catch (TException $e) {
    printf("peer: %s: %s\n", get_class($e), $e->getMessage());
    exit(2);
}
exit($failures ? 1 : 0);
