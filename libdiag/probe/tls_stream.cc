#include "probe/tls_stream.h"

#ifdef DIAG_WITH_TLS
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#endif

#include <optional>
#include <utility>

namespace diag {

#ifdef DIAG_WITH_TLS

namespace {

using Context = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;
using Session = std::unique_ptr<SSL, decltype(&SSL_free)>;

constexpr int read_size = 4096;

std::unexpected<Error> failure(std::string message) {
  return std::unexpected(Error{Error::Code::unreadable, std::move(message), {}});
}

// The library's reason for the last failure, its queue emptied.
std::string reason() {
  const unsigned long code = ERR_peek_last_error();
  const char* words = code ? ERR_reason_error_string(code) : nullptr;
  ERR_clear_error();
  return words ? words : "the server ended the TLS handshake";
}

class TlsStream : public Stream {
 public:
  TlsStream(std::unique_ptr<Stream> plain, Context context, Session session, BIO* in, BIO* out)
      : plain_(std::move(plain)), context_(std::move(context)), session_(std::move(session)), in_(in), out_(out) {}

  Result<void> shake_hands(const Deadline& deadline) {
    return run([&] { return SSL_connect(session_.get()); }, deadline);
  }

  Result<std::string> read(const Deadline& deadline) override {
    std::string bytes(read_size, '\0');
    int n = 0;
    const auto done = run([&] { return n = SSL_read(session_.get(), bytes.data(), read_size); }, deadline);
    if (!done && ended_) return std::string();
    if (!done) return std::unexpected(done.error());
    bytes.resize(static_cast<std::size_t>(n));
    return bytes;
  }

  Result<void> write(std::string_view bytes, const Deadline& deadline) override {
    if (bytes.empty()) return {};
    return run([&] { return SSL_write(session_.get(), bytes.data(), static_cast<int>(bytes.size())); }, deadline);
  }

 private:
  // Calls `step` until it succeeds, carrying bytes between the library and the plain stream.
  template <class Step>
  Result<void> run(Step step, const Deadline& deadline) {
    while (true) {
      ERR_clear_error();
      const int result = step();
      const int error = result > 0 ? SSL_ERROR_NONE : SSL_get_error(session_.get(), result);
      if (const auto sent = flush(deadline); !sent) return sent;
      if (error == SSL_ERROR_NONE) return {};
      if (error == SSL_ERROR_ZERO_RETURN) ended_ = true;
      if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) return failure(reason());
      if (error == SSL_ERROR_WANT_WRITE) continue;
      const auto bytes = plain_->read(deadline);
      if (!bytes) return std::unexpected(bytes.error());
      ended_ = bytes->empty();
      if (ended_) return failure("the server ended the TLS handshake");
      BIO_write(in_, bytes->data(), static_cast<int>(bytes->size()));
    }
  }

  Result<void> flush(const Deadline& deadline) {
    std::string bytes(read_size, '\0');
    while (true) {
      const int n = BIO_read(out_, bytes.data(), read_size);
      if (n <= 0) return {};
      const auto sent = plain_->write(std::string_view(bytes).substr(0, static_cast<std::size_t>(n)), deadline);
      if (!sent) return sent;
    }
  }

  std::unique_ptr<Stream> plain_;
  Context context_;
  Session session_;
  BIO *in_, *out_;  // owned by the session
  bool ended_ = false;
};

// Nothing: the peer's certificate will be checked, or need not be.
std::optional<std::string> demand_certificate(SSL_CTX* context, SSL* session, const TlsOptions& options) {
  if (options.ca_file.empty()) return std::nullopt;
  if (SSL_CTX_load_verify_locations(context, options.ca_file.c_str(), nullptr) != 1)
    return "cannot read the certificates of " + options.ca_file + ": " + reason();
  SSL_set_verify(session, SSL_VERIFY_PEER, nullptr);
  if (options.host.empty()) return std::nullopt;
  X509_VERIFY_PARAM* parameters = SSL_get0_param(session);
  if (X509_VERIFY_PARAM_set1_ip_asc(parameters, options.host.c_str()) != 1) {
    X509_VERIFY_PARAM_set1_host(parameters, options.host.c_str(), 0);
    SSL_set_tlsext_host_name(session, options.host.c_str());
  }
  ERR_clear_error();
  return std::nullopt;
}

}  // namespace

bool tls_is_built_in() { return true; }

Result<std::unique_ptr<Stream>> start_tls(std::unique_ptr<Stream> plain, const TlsOptions& options,
                                          const Deadline& deadline) {
  ERR_clear_error();
  Context context(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free);
  Session session(context ? SSL_new(context.get()) : nullptr, &SSL_free);
  BIO *in = BIO_new(BIO_s_mem()), *out = BIO_new(BIO_s_mem());
  if (!session || !in || !out) {
    BIO_free(in);
    BIO_free(out);
    return failure(reason());
  }
  SSL_set_bio(session.get(), in, out);
  if (auto wrong = demand_certificate(context.get(), session.get(), options)) return failure(std::move(*wrong));
  auto stream = std::make_unique<TlsStream>(std::move(plain), std::move(context), std::move(session), in, out);
  if (const auto done = stream->shake_hands(deadline); !done) return std::unexpected(done.error());
  return stream;
}

#else

bool tls_is_built_in() { return false; }

Result<std::unique_ptr<Stream>> start_tls(std::unique_ptr<Stream>, const TlsOptions&, const Deadline&) {
  return std::unexpected(Error{Error::Code::unsupported, "TLS is not built in", {}});
}

#endif

}  // namespace diag
