#include "transport/tls.hpp"

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <new>

#include "transport/socket.hpp"

namespace thrift::transport {

namespace {

int fd_of(BIO* bio) {
  return static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio)));
}

int bio_write(BIO* bio, const char* data, int size) {
  BIO_clear_retry_flags(bio);
  for (;;) {
    const ssize_t n =
        ::send(fd_of(bio), data, static_cast<std::size_t>(size), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (n >= 0) return static_cast<int>(n);
    if (errno == EINTR) continue;
    if (errno == EAGAIN || errno == EWOULDBLOCK) BIO_set_retry_write(bio);
    return -1;
  }
}

int bio_read(BIO* bio, char* data, int size) {
  BIO_clear_retry_flags(bio);
  for (;;) {
    const ssize_t n = ::recv(fd_of(bio), data, static_cast<std::size_t>(size), MSG_DONTWAIT);
    if (n >= 0) return static_cast<int>(n);
    if (errno == EINTR) continue;
    if (errno == EAGAIN || errno == EWOULDBLOCK) BIO_set_retry_read(bio);
    return -1;
  }
}

long bio_control(BIO* /*bio*/, int command, long /*n*/, void* /*p*/) {
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

// Sockets as OpenSSL wants to see them; the one there is, made once.
BIO_METHOD* bio_method() {
  static BIO_METHOD* const method = [] {
    BIO_METHOD* const made =
        BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "thriftpp socket");
    if (made == nullptr) throw std::bad_alloc();
    BIO_meth_set_write(made, bio_write);
    BIO_meth_set_read(made, bio_read);
    BIO_meth_set_ctrl(made, bio_control);
    return made;
  }();
  return method;
}

// "no such file or directory": what went wrong first, without OpenSSL's numbers.
std::string first_error() {
  const unsigned long code = ERR_peek_error();
  std::string out;
  if (code != 0 && ERR_SYSTEM_ERROR(code)) {
    out = transport::error_text(ERR_GET_REASON(code));
  } else if (code != 0) {
    const char* const text = ERR_reason_error_string(code);
    if (text != nullptr) out = text;
  }
  ERR_clear_error();
  return out;
}

bool is_address(const std::string& host) {
  in6_addr address;
  return ::inet_pton(AF_INET, host.c_str(), &address) == 1 ||
         ::inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

[[noreturn]] void fail_to_read(const Endpoint& endpoint, std::string_view what,
                               const std::string& file) {
  std::string why = first_error();
  if (why.empty()) why = "not understood";
  fail(TransportErrorKind::bad_args, endpoint,
       "cannot read the " + std::string(what) + " `" + file + "`: " + why);
}

}  // namespace

bool has_tls(const Endpoint& endpoint) noexcept {
  using Scheme = Endpoint::Scheme;
  return endpoint.scheme == Scheme::tls || endpoint.scheme == Scheme::https ||
         endpoint.scheme == Scheme::wss;
}

TlsContext::TlsContext(const Endpoint& endpoint, Side side)
    : context_(SSL_CTX_new(side == Side::server ? TLS_server_method() : TLS_client_method())),
      side_(side),
      name_(endpoint.server_name.empty() ? endpoint.host : endpoint.server_name) {
  if (context_ == nullptr) throw std::bad_alloc();
  try {
    ERR_clear_error();
    SSL_CTX_set_min_proto_version(context_, TLS1_2_VERSION);
    SSL_CTX_set_options(context_, SSL_OP_NO_RENEGOTIATION | SSL_OP_IGNORE_UNEXPECTED_EOF |
                                      SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    // The callers of write_some keep the bytes, but perhaps elsewhere; idle connections hold none.
    SSL_CTX_set_mode(context_, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                   SSL_MODE_RELEASE_BUFFERS);
    // A key behind a password is an error; OpenSSL would ask for it on the terminal.
    SSL_CTX_set_default_passwd_cb(context_, [](char*, int, int, void*) { return 0; });
    if (side == Side::server && endpoint.cert.empty()) {
      fail(TransportErrorKind::bad_args, endpoint,
           "a server needs a certificate: `cert=FILE`, and `key=FILE` where that does not hold it");
    }
    if (!endpoint.cert.empty()) {
      const std::string& key = endpoint.key.empty() ? endpoint.cert : endpoint.key;
      if (SSL_CTX_use_certificate_chain_file(context_, endpoint.cert.c_str()) != 1) {
        fail_to_read(endpoint, "certificate", endpoint.cert);
      }
      if (SSL_CTX_use_PrivateKey_file(context_, key.c_str(), SSL_FILETYPE_PEM) != 1) {
        fail_to_read(endpoint, "private key", key);
      }
    }
    if (!endpoint.ca.empty()) {
      if (SSL_CTX_load_verify_locations(context_, endpoint.ca.c_str(), nullptr) != 1) {
        fail_to_read(endpoint, "authorities' certificates", endpoint.ca);
      }
    } else if (side == Side::client) {
      SSL_CTX_set_default_verify_paths(context_);
    }
    if (side == Side::client) {
      SSL_CTX_set_verify(context_, SSL_VERIFY_PEER, nullptr);
    } else {
      // Needed for sessions to be resumed where client certificates are checked.
      constexpr unsigned char id[] = "thriftpp";
      SSL_CTX_set_session_id_context(context_, id, sizeof id - 1);
      if (!endpoint.ca.empty()) {
        SSL_CTX_set_verify(context_, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
      }
    }
  } catch (...) {
    SSL_CTX_free(context_);
    throw;
  }
}

TlsContext::~TlsContext() {
  SSL_CTX_free(context_);
}

std::unique_ptr<Tls> TlsContext::attach(int fd) const {
  SSL* const ssl = SSL_new(context_);
  if (ssl == nullptr) throw std::bad_alloc();
  auto out = std::make_unique<Tls>(ssl);  // owns it from here
  BIO* const bio = BIO_new(bio_method());
  if (bio == nullptr) throw std::bad_alloc();
  BIO_set_data(bio, reinterpret_cast<void*>(static_cast<std::intptr_t>(fd)));
  BIO_set_init(bio, 1);
  SSL_set_bio(ssl, bio, bio);
  if (side_ == Side::server) {
    SSL_set_accept_state(ssl);
    return out;
  }
  SSL_set_connect_state(ssl);
  X509_VERIFY_PARAM* const verify = SSL_get0_param(ssl);
  X509_VERIFY_PARAM_set_hostflags(verify, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  if (is_address(name_)) {
    X509_VERIFY_PARAM_set1_ip_asc(verify, name_.c_str());
  } else {
    X509_VERIFY_PARAM_set1_host(verify, name_.c_str(), name_.size());
    // what the macro SSL_set_tlsext_host_name says, in C++
    SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
             const_cast<char*>(name_.c_str()));
  }
  return out;
}

Tls::~Tls() {
  SSL_free(ssl_);
}

// To be called with the mutex, right after the call that `status` is from.
IoResult Tls::result_of(int status) noexcept {
  const int error = errno;
  switch (SSL_get_error(ssl_, status)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE: return {IoStatus::would_block};
    case SSL_ERROR_ZERO_RETURN: return {IoStatus::closed};
    case SSL_ERROR_SYSCALL:
      failed_ = true;
      if (error == 0) return {IoStatus::closed};
      return {IoStatus::failed, 0, error};
    default: break;
  }
  failed_ = true;
  try {
    problem_ = "TLS: " + first_error();
    if (const long verify = SSL_get_verify_result(ssl_); verify != X509_V_OK) {
      problem_.append(": ").append(X509_verify_cert_error_string(verify));
    }
  } catch (...) {  // NOLINT(bugprone-empty-catch): the error number is all there is to say then
  }
  return {IoStatus::failed, 0, EPROTO};
}

IoResult Tls::read_some(std::span<std::byte> into) noexcept {
  const std::lock_guard lock(mutex_);
  if (failed_) return {IoStatus::closed};
  ERR_clear_error();
  errno = 0;
  const int size = static_cast<int>(std::min<std::size_t>(into.size(), 1U << 30));
  const int n = SSL_read(ssl_, into.data(), size);
  if (n > 0) return {IoStatus::ok, static_cast<std::size_t>(n)};
  return result_of(n);
}

IoResult Tls::write_some(std::span<const std::byte> bytes) noexcept {
  const std::lock_guard lock(mutex_);
  if (failed_) return {IoStatus::failed, 0, EPIPE};
  ERR_clear_error();
  errno = 0;
  const int size = static_cast<int>(std::min<std::size_t>(bytes.size(), 1U << 30));
  const int n = SSL_write(ssl_, bytes.data(), size);
  if (n > 0) return {IoStatus::ok, static_cast<std::size_t>(n)};
  const IoResult out = result_of(n);
  return out.status == IoStatus::closed ? IoResult{IoStatus::failed, 0, EPIPE} : out;
}

bool Tls::has_input() noexcept {
  const std::lock_guard lock(mutex_);
  if (failed_) return true;
  ERR_clear_error();
  errno = 0;
  std::byte byte;
  const int n = SSL_peek(ssl_, &byte, 1);  // takes session tickets and the like
  return n > 0 || result_of(n).status != IoStatus::would_block;
}

bool Tls::has_pending() noexcept {
  const std::lock_guard lock(mutex_);
  return !failed_ && SSL_pending(ssl_) > 0;
}

bool Tls::in_handshake() noexcept {
  const std::lock_guard lock(mutex_);
  return SSL_is_init_finished(ssl_) == 0;
}

void Tls::close() noexcept {
  const std::lock_guard lock(mutex_);
  if (failed_ || SSL_is_init_finished(ssl_) == 0) return;
  ERR_clear_error();
  SSL_shutdown(ssl_);
  ERR_clear_error();
  failed_ = true;
}

std::string Tls::problem() {
  const std::lock_guard lock(mutex_);
  return problem_;
}

IoResult Tls::shake_hands(bool& wants_write) noexcept {
  const std::lock_guard lock(mutex_);
  ERR_clear_error();
  errno = 0;
  const int n = SSL_do_handshake(ssl_);
  if (n == 1) return {IoStatus::ok};
  wants_write = SSL_want_write(ssl_) != 0;
  return result_of(n);
}

}  // namespace thrift::transport
