// TLS over another stream. The system's own rules hold (protocol versions, security level): they are never lowered.
#pragma once

#include <memory>
#include <string>

#include "probe/stream.h"

namespace diag {

struct TlsOptions {
  std::string ca_file;  // certificates to trust; empty: the peer's certificate is not checked
  std::string host;     // that the certificate must name, if it is checked
};

// Whether this build has TLS.
bool tls_is_built_in();

// Sets up TLS. The error's message is the TLS library's reason: "unsafe legacy renegotiation disabled".
Result<std::unique_ptr<Stream>> start_tls(std::unique_ptr<Stream> plain, const TlsOptions& options,
                                          const Deadline& deadline);

}  // namespace diag
