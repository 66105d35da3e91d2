# The peer on Apache's Perl runtime (Debian's libthrift-perl). -I names the generated code.

use strict;
use warnings;

use Thrift;
use Thrift::BinaryProtocol;
use Thrift::BufferedTransport;
use Thrift::FramedTransport;
use Thrift::HttpClient;
use Thrift::MultiplexedProcessor;
use Thrift::MultiplexedProtocol;
use Thrift::Server;
use Thrift::ServerSocket;
use Thrift::Socket;
use Thrift::UnixServerSocket;
use Thrift::UnixSocket;
use Cross::ThriftTest;
use Cross::SecondService;
use Cross::Types;

$| = 1;
my $role    = shift @ARGV;
my %options = map { /^--([^=]+)(?:=(.*))?$/s; ($1 => defined $2 ? $2 : 1) } @ARGV;
my $path    = $options{'domain-socket'};
my $multi   = $options{protocol} eq 'multi';
if ($options{ssl}) {
    require Thrift::SSLServerSocket;
    require Thrift::SSLSocket;
}

sub xtruct {
    my ($text, $byte, $i32, $i64) = @_;
    return Cross::Xtruct->new({string_thing => $text, byte_thing => $byte, i32_thing => $i32,
                               i64_thing => $i64});
}

sub xception { return Cross::Xception->new({errorCode => $_[0], message => $_[1]}) }

package Handler;
use base qw(Cross::ThriftTestIf Cross::SecondServiceIf);

sub new { return bless {}, shift }

for my $name (qw(String Bool Byte I32 I64 Double Binary Struct Nest Map StringMap List Enum
                 Typedef)) {
    no strict 'refs';
    *{"Handler::test$name"} = sub { return $_[1] };
}
sub testVoid { return }
sub testSet  { return [keys %{$_[1]}] }  # read as keys, written as a list
sub testMapMap {
    return {-4 => {map { $_ => $_ } -4 .. -1}, 4 => {map { $_ => $_ } 1 .. 4}};
}
sub testInsanity {
    my ($self, $argument) = @_;
    return {1 => {2 => $argument, 3 => $argument}, 2 => {6 => Cross::Insanity->new()}};
}
sub testMulti { return main::xtruct('Hello2', @_[1 .. 3]) }
sub testException {
    my ($self, $arg) = @_;
    die main::xception(1001, $arg) if $arg eq 'Xception';
    die Thrift::TException->new('as asked for') if $arg eq 'TException';
    return;
}
sub testMultiException {
    my ($self, $arg0, $arg1) = @_;
    die main::xception(1001, 'This is an Xception') if $arg0 eq 'Xception';
    if ($arg0 eq 'Xception2') {
        my $inner = Cross::Xtruct->new({string_thing => 'This is an Xception2'});
        die Cross::Xception2->new({errorCode => 2002, struct_thing => $inner});
    }
    return Cross::Xtruct->new({string_thing => $arg1});
}
sub testOneway       { return }
sub secondtestString { return "testString(\"$_[1]\")" }

package main;

sub serve {
    my $processor = Cross::ThriftTestProcessor->new(Handler->new());
    if ($multi) {
        my $both = Thrift::MultiplexedProcessor->new();
        $both->defaultProcessor($processor);
        $both->registerProcessor('ThriftTest', $processor);
        $both->registerProcessor('SecondService', Cross::SecondServiceProcessor->new(Handler->new()));
        $processor = $both;
    }
    my %how = (host => 'localhost', port => $options{port});
    my $socket =
        $path ? Thrift::UnixServerSocket->new($path)
        : $options{ssl}
        ? Thrift::SSLServerSocket->new({%how, cert => "$options{certs}/server.crt",
                                        key => "$options{certs}/server.key"})
        : Thrift::ServerSocket->new(\%how);
    my $transport = $options{transport} eq 'framed' ? Thrift::FramedTransportFactory->new()
                                                    : Thrift::BufferedTransportFactory->new();
    Thrift::ForkingServer->new($processor, $socket, $transport,
                               Thrift::BinaryProtocolFactory->new())->serve();
    return 0;
}

my $failures = 0;

# Data as text that is equal where the data are.
sub text {
    my ($value) = @_;
    return 'undef' if !defined $value;
    return $value if !ref $value;
    return '[' . join(',', map { text($_) } @$value) . ']' if ref $value eq 'ARRAY';
    return '{' . join(',', map { "$_=" . text($value->{$_}) } sort keys %$value) . '}';
}

sub expect {
    my ($what, $got, $wanted) = @_;
    return if text($got) eq text($wanted);
    ++$failures;
    binmode STDOUT, ':utf8';
    printf "a wrong result of %s: %.300s, wanted %.300s\n", $what, text($got), text($wanted);
    return;
}

sub thrown {
    my ($call) = @_;
    eval { $call->(); 1 } and return;
    my $error = $@;
    return ref $error eq 'Thrift::TApplicationException' ? 'application' : $error;
}

sub connection {
    if ($options{transport} eq 'http') {
        my $http = Thrift::HttpClient->new("http://localhost:$options{port}/some/path");
        return $http;
    }
    my %how = (host => 'localhost', port => $options{port});
    my $socket =
        $path ? Thrift::UnixSocket->new($path)
        : $options{ssl}
        ? Thrift::SSLSocket->new({%how, ca => "$options{certs}/CA.pem",
                                  cert => "$options{certs}/client.crt",
                                  key => "$options{certs}/client.key"})
        : Thrift::Socket->new(\%how);
    $socket->setSendTimeout(20000);
    $socket->setRecvTimeout(20000);
    return $options{transport} eq 'framed' ? Thrift::FramedTransport->new($socket)
                                           : Thrift::BufferedTransport->new($socket, 1024, 1024);
}

sub call_all {
    my $transport = connection();
    my $protocol  = Thrift::BinaryProtocol->new($transport);
    my ($client, $second);
    if ($multi) {
        $second = Cross::SecondServiceClient->new(
            Thrift::MultiplexedProtocol->new($protocol, 'SecondService'));
        $client =
            Cross::ThriftTestClient->new(Thrift::MultiplexedProtocol->new($protocol, 'ThriftTest'));
    } else {
        $client = Cross::ThriftTestClient->new($protocol);
    }
    $transport->open();
    my $languages = "\x{c6}nglisc, \x{627}\x{644}\x{639}\x{631}\x{628}\x{64a}\x{629}, \x{65e5}\x{672c}\x{8a9e}, \x{5e2}\x{5d1}\x{5e8}\x{5d9}\x{5ea}, \x{1f600}";
    utf8::encode($languages);  # what is read are bytes
    my %values    = (
        testString => ['', 'Test', 'Python' x 20, $languages, 'x' x 20000,
                       "quote: \" backslash: \\ slash: / \b\f\n\r\t\x01\x1f ]] \\\" }}}{ [[["],
        testBool   => [1],
        testByte   => [0, 1, -1, 127, -128],
        testI32    => [0, 1, -1, 190000013, 2147483647, -2147483648],
        testI64    => [0, 7000000000000000123, -7000000000000000123, 4294967296,
                       9223372036854775807],
        testDouble => [0, -1, -5.2098523, 7.012052175215044, -0.000341012439638598279, 1e307, 1e-292],
        testBinary => ['', join('', map { chr } 0 .. 255), "\xfe" x 70000],
        testTypedef => [309858235082523],
        testEnum    => [1, 2, 3, 5, 6, 8],
        testMap     => [{}, {0 => -10, 1 => -9, -1 => -8}],
        testStringMap => [{}, {a => '2', 'a b' => '', 0 => 'l' x 2000}],
        testList      => [[], [-2 .. 2], [1 .. 20]],
        testStruct    => [xtruct('Zero', 1, -3, -5), xtruct('', 0, 0, 0)],
        testNest      => [Cross::Xtruct2->new({byte_thing => 1, i32_thing => 5,
                                               struct_thing => xtruct('Zero', 1, -3, -5)})],
    );
    expect('testVoid', $client->testVoid(), undef);
    for my $method (sort keys %values) {
        expect($method, $client->$method($_), $_) for @{$values{$method}};
    }
    expect('testSet', $client->testSet([-2 .. 2]), {map { $_ => 1 } -2 .. 2});
    expect('testBool', $client->testBool(0) ? 'true' : 'false', 'false');
    expect('testMapMap', $client->testMapMap(42), Handler->new()->testMapMap(42));
    expect('secondtestString', $second->secondtestString('foo'), 'testString("foo")') if $second;
    my $insane = Cross::Insanity->new({userMap => {5 => 5, 8 => 8},
                                       xtructs => [xtruct('Goodbye4', 4, 4, 4), xtruct('Hello2', 2, 2, 2)]});
    my $got = $client->testInsanity($insane);
    my $six = $got->{2}{6};
    expect('testInsanity 2 6', scalar(keys %{$six->{userMap} || {}}) + @{$six->{xtructs} || []}, 0);
    $got->{2}{6} = Cross::Insanity->new();
    expect('testInsanity', $got, Handler->new()->testInsanity($insane));
    expect('testMulti', $client->testMulti(42, 4242, 424242, {1 => 'blah', 2 => 'thing'}, 8, 24),
           xtruct('Hello2', 42, 4242, 424242));
    expect('testException', thrown(sub { $client->testException('Xception') }),
           xception(1001, 'Xception'));
    expect('testException TException', thrown(sub { $client->testException('TException') }),
           'application');
    expect('testException success', thrown(sub { $client->testException('success') }), undef);
    expect('testMultiException', thrown(sub { $client->testMultiException('Xception', 'x') }),
           xception(1001, 'This is an Xception'));
    my $error = thrown(sub { $client->testMultiException('Xception2', 'x') });
    expect('testMultiException 2', [$error->{errorCode}, $error->{struct_thing}{string_thing}],
           [2002, 'This is an Xception2']);
    expect('testMultiException success',
           $client->testMultiException('success', 'foobar')->{string_thing}, 'foobar');
    my $start = time;
    $client->testOneway(1);
    expect('testOneway at once', time - $start < 3 ? 1 : 0, 1);
    expect('testI32 after testOneway', $client->testI32(-1), -1);
    $transport->close();
    return;
}

exit serve() if $role eq 'server';
eval { call_all() for 1 .. 2; 1 } or do {
    print ref $@ ? text($@) : $@, "\n";
    exit 2;
};
exit($failures ? 1 : 0);
