// Packets over a stream.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "probe/mysql_greeting.h"
#include "probe/mysql_packet.h"
#include "probe/stream.h"
#include "probe/tls_stream.h"

namespace diag::mysql {

class Connection {
 public:
  explicit Connection(std::unique_ptr<Stream> stream) : stream_(std::move(stream)) {}

  // The next packet. Error::Code::not_found: the peer closed; limit: the deadline, or a packet over the cap.
  Result<Packet> receive(const Deadline& deadline);
  Result<void> send(const Packet& packet, const Deadline& deadline);
  // From here on over TLS. After an error the connection is of no further use.
  Result<void> start_tls(const TlsOptions& options, const Deadline& deadline);

  // Bytes that came and are not (yet) a packet.
  std::string_view rest() const { return packets_.rest(); }
  // Tells the server that the session ends, and waits for nothing.
  void quit(const Deadline& deadline);

 private:
  std::unique_ptr<Stream> stream_;
  PacketReader packets_;
};

using Row = std::vector<std::optional<std::string>>;  // nothing: NULL
using Rows = std::vector<Row>;

// Sends a query and reads the rows. The error is the server's; its number is 0 if the connection failed. At most
// 100,000 rows and 16 MiB are taken.
std::expected<Rows, ServerError> ask(Connection& connection, std::string_view sql, const Deadline& deadline);

}  // namespace diag::mysql
