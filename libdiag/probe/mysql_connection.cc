#include "probe/mysql_connection.h"

#include <fmt/core.h>

#include <utility>

namespace diag::mysql {

namespace {

constexpr std::size_t most_rows = 100'000, most_bytes = 16 << 20;
constexpr std::uint64_t most_columns = 256;
constexpr char query_command = 3;

bool is_end(const Packet& p) { return p.payload.size() < 9 && p.payload.starts_with('\xfe'); }
bool is_error(const Packet& p) { return p.payload.starts_with('\xff'); }

ServerError broken(std::string text) { return {0, {}, std::move(text)}; }

Row row_of(const Packet& packet, std::uint64_t columns) {
  PayloadReader reader(packet.payload);
  Row row;
  for (std::uint64_t i = 0; i < columns; ++i) {
    const auto field = reader.field();
    row.push_back(field && reader.ok() ? std::optional(std::string(*field)) : std::nullopt);
  }
  return row;
}

}  // namespace

Result<Packet> Connection::receive(const Deadline& deadline) {
  while (true) {
    if (auto packet = packets_.next()) return std::move(*packet);
    if (const auto length = packets_.too_long())
      return std::unexpected(Error{Error::Code::limit, fmt::format("a packet of {} bytes", *length), {}});
    const auto bytes = stream_->read(deadline);
    if (!bytes) return std::unexpected(bytes.error());
    if (bytes->empty()) return std::unexpected(Error{Error::Code::not_found, "the server closed the connection", {}});
    packets_.feed(*bytes);
  }
}

Result<void> Connection::send(const Packet& packet, const Deadline& deadline) {
  return stream_->write(to_wire(packet), deadline);
}

Result<void> Connection::start_tls(const TlsOptions& options, const Deadline& deadline) {
  auto secure = diag::start_tls(std::move(stream_), options, deadline);
  if (!secure) return std::unexpected(secure.error());
  stream_ = std::move(*secure);
  packets_ = {};
  return {};
}

void Connection::quit(const Deadline& deadline) {
  constexpr char quit_command = 1;
  (void)send({0, std::string(1, quit_command)}, deadline);  // the server does not answer
}

std::expected<Rows, ServerError> ask(Connection& connection, std::string_view sql, const Deadline& deadline) {
  const auto fail = [](std::string text) { return std::unexpected(broken(std::move(text))); };
  if (const auto sent = connection.send({0, query_command + std::string(sql)}, deadline); !sent)
    return fail(sent.error().message);
  const auto head = connection.receive(deadline);
  if (!head) return fail(head.error().message);
  if (is_error(*head)) return std::unexpected(read_error(head->payload));
  PayloadReader reader(head->payload);
  const std::uint64_t columns = reader.length().value_or(0);
  if (columns == 0) return Rows{};
  if (columns > most_columns || !reader.ok()) return fail("the server's answer is no table");
  Rows rows;
  std::size_t bytes = 0;
  for (int ends = 0; ends < 2;) {  // one after the columns, one after the rows
    const auto packet = connection.receive(deadline);
    if (!packet) return fail(packet.error().message);
    bytes += packet->payload.size() + 1;
    if (is_error(*packet)) return std::unexpected(read_error(packet->payload));
    if (is_end(*packet))
      ++ends;
    else if (ends == 1)
      rows.push_back(row_of(*packet, columns));
    if (rows.size() > most_rows || bytes > most_bytes) return fail("the server's answer has no end");
  }
  return rows;
}

}  // namespace diag::mysql
