#include "probe/socket_stream.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <fmt/core.h>

#include <array>
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "base/text.h"

namespace diag {

namespace {

constexpr std::size_t read_size = 4096;
constexpr std::size_t most_addresses = 8;  // of one name

std::string words_of(int error) { return std::generic_category().message(error); }

std::unexpected<Error> failure(Error::Code code, std::string message) {
  return std::unexpected(Error{code, std::move(message), {}});
}

std::string seconds(Milliseconds time) {
  const std::string value = fmt::format("{:.3g}", static_cast<double>(time.count()) / 1000);
  return value + (value == "1" ? " second" : " seconds");
}

class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  Descriptor(Descriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  int get() const { return value_; }

 private:
  int value_;
};

// Waits for `events`. False: the deadline came first.
bool wait_for(int descriptor, short events, const Deadline& deadline) {
  while (true) {
    const auto left = deadline.left().count();
    pollfd one{descriptor, events, 0};
    const int ready = ::poll(&one, 1, static_cast<int>(std::min<std::int64_t>(left, 1'000'000)));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return true;  // the call that follows will say what is wrong
    if (ready == 0 && deadline.over()) return false;
  }
}

class SocketStream : public Stream {
 public:
  explicit SocketStream(Descriptor descriptor) : descriptor_(std::move(descriptor)) {}

  Result<std::string> read(const Deadline& deadline) override {
    std::array<char, read_size> bytes{};
    while (true) {
      if (!wait_for(descriptor_.get(), POLLIN, deadline))
        return failure(Error::Code::limit, fmt::format("no answer within {}", seconds(deadline.patience())));
      const ssize_t n = ::recv(descriptor_.get(), bytes.data(), bytes.size(), 0);
      if (n >= 0) return std::string(bytes.data(), static_cast<std::size_t>(n));
      if (errno == ECONNRESET || errno == EPIPE) return std::string();
      if (errno != EINTR && errno != EAGAIN && errno != EWOULDBLOCK)
        return failure(Error::Code::unreadable, "the connection broke: " + words_of(errno));
    }
  }

  Result<void> write(std::string_view bytes, const Deadline& deadline) override {
    while (!bytes.empty()) {
      if (!wait_for(descriptor_.get(), POLLOUT, deadline))
        return failure(Error::Code::limit,
                       fmt::format("the server took nothing within {}", seconds(deadline.patience())));
      const ssize_t n = ::send(descriptor_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n >= 0)
        bytes.remove_prefix(static_cast<std::size_t>(n));
      else if (errno != EINTR && errno != EAGAIN && errno != EWOULDBLOCK)
        return failure(Error::Code::unreadable, "the connection broke: " + words_of(errno));
    }
    return {};
  }

 private:
  Descriptor descriptor_;
};

struct Address {
  sockaddr_storage bytes{};
  socklen_t size = 0;
};
using Addresses = std::vector<Address>;

struct Resolved {
  int error = 0;  // of getaddrinfo
  Addresses addresses;
};

Resolved resolve_now(const std::string& host, const std::string& port, int flags) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags | AI_NUMERICSERV;
  addrinfo* list = nullptr;
  Resolved out;
  out.error = ::getaddrinfo(host.c_str(), port.c_str(), &hints, &list);
  if (out.error != 0) return out;
  for (const addrinfo* one = list; one && out.addresses.size() < most_addresses; one = one->ai_next) {
    Address address;
    address.size = std::min<socklen_t>(one->ai_addrlen, sizeof address.bytes);
    std::memcpy(&address.bytes, one->ai_addr, address.size);
    out.addresses.push_back(address);
  }
  ::freeaddrinfo(list);
  return out;
}

// A name server that does not answer keeps getaddrinfo for longer than any patience, and it cannot be called off: it is
// left to a thread that owns all it needs.
std::optional<Resolved> resolve_in_time(const std::string& host, const std::string& port, const Deadline& deadline) {
  struct Shared {
    std::mutex mutex;
    std::condition_variable done;
    std::optional<Resolved> result;
  };
  const auto shared = std::make_shared<Shared>();
  try {
    std::thread([shared, host, port] {
      Resolved result = resolve_now(host, port, AI_ADDRCONFIG);
      const std::lock_guard lock(shared->mutex);
      shared->result = std::move(result);
      shared->done.notify_all();
    }).detach();
  } catch (const std::system_error&) {
    return Resolved{EAI_MEMORY, {}};
  }
  std::unique_lock lock(shared->mutex);
  shared->done.wait_for(lock, deadline.left(), [&] { return shared->result.has_value(); });
  return shared->result;
}

Result<Addresses> resolve(const Target& target, const Deadline& deadline) {
  const std::string port = std::to_string(target.port);
  std::optional<Resolved> found = resolve_now(target.host, port, AI_NUMERICHOST);
  if (found->error != 0) found = resolve_in_time(target.host, port, deadline);
  const std::string name = printable(target.host, false);
  if (!found)
    return failure(Error::Code::limit, fmt::format("the name servers gave no address for '{}' within {}", name,
                                                   seconds(deadline.patience())));
  if (found->error == EAI_AGAIN)
    return failure(Error::Code::not_found,
                   fmt::format("no name server answered for '{}' (see /etc/resolv.conf)", name));
  if (found->error != 0 || found->addresses.empty())
    return failure(Error::Code::not_found, fmt::format("the name '{}' has no address ({})", name,
                                                       found->error ? ::gai_strerror(found->error) : "none was given"));
  return std::move(found->addresses);
}

// Why no connection came about, for someone who looks for the cause.
std::string tcp_words(int error, std::uint16_t port) {
  switch (error) {
    case ECONNREFUSED:
      return fmt::format(
          "connection refused: nothing listens on port {} there (mysqld is not running, has "
          "skip-networking, or listens on another address), or a firewall refuses it",
          port);
    case EHOSTUNREACH:
      return "no route to that host: it is down, or a firewall refuses (the REJECT rule with icmp-host-prohibited that "
             "EL installs looks like this)";
    case ENETUNREACH:
      return "no route to that network: this host has no address of that kind (IPv4 or IPv6), or no route";
    case EADDRNOTAVAIL:
      return "the address to connect from is not one of this host";
    case EACCES:
    case EPERM:
      return "this host's own firewall or SELinux forbids the connection";
    default:
      return "no connection: " + words_of(error);
  }
}

// Nothing: connected.
std::optional<Error> finish_connect(int descriptor, const Address& address, std::uint16_t port,
                                    const Deadline& deadline) {
  int error = 0;
  if (::connect(descriptor, reinterpret_cast<const sockaddr*>(&address.bytes), address.size) != 0) {
    error = errno;
    if (error == EINPROGRESS || error == EINTR || error == EAGAIN) {
      if (!wait_for(descriptor, POLLOUT, deadline))
        return Error{
            Error::Code::limit,
            fmt::format("no connection within {}: the host is down, or a firewall drops the packets to port {}",
                        seconds(deadline.patience()), port),
            {}};
      socklen_t size = sizeof error;
      error = 0;
      if (::getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
    }
  }
  if (error == 0) return std::nullopt;
  return Error{Error::Code::unreadable, tcp_words(error, port), {}};
}

std::optional<Error> bind_local(int descriptor, const Target& target) {
  if (target.local.empty()) return std::nullopt;
  const Resolved local = resolve_now(target.local, "0", AI_NUMERICHOST);
  if (local.error != 0 || local.addresses.empty())
    return Error{Error::Code::malformed, fmt::format("'{}' is no address", printable(target.local, false)), {}};
  const auto& at = local.addresses.front();
  if (::bind(descriptor, reinterpret_cast<const sockaddr*>(&at.bytes), at.size) == 0) return std::nullopt;
  return Error{Error::Code::unreadable, tcp_words(errno, target.port), {}};
}

Result<std::unique_ptr<Stream>> connect_tcp(const Target& target, const Deadline& deadline) {
  const auto addresses = resolve(target, deadline);
  if (!addresses) return std::unexpected(addresses.error());
  Error last{Error::Code::not_found, "no address", {}};
  auto left = static_cast<int>(addresses->size());
  for (const Address& address : *addresses) {
    Descriptor descriptor(::socket(address.bytes.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (descriptor.get() < 0) return failure(Error::Code::unreadable, tcp_words(errno, target.port));
    auto error = bind_local(descriptor.get(), target);
    if (!error) error = finish_connect(descriptor.get(), address, target.port, deadline.share(left));
    --left;
    if (error) {
      last = *error;
      continue;
    }
    const int on = 1;
    (void)::setsockopt(descriptor.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return std::make_unique<SocketStream>(std::move(descriptor));
  }
  return std::unexpected(last);
}

std::string unix_words(int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return "there is no such socket: mysqld is not running, or my.cnf names another path (socket=...)";
    case ECONNREFUSED:
      return "nobody listens on this socket: it is left over from a server that no longer runs, or it is no socket";
    case EACCES:
      return "no permission to use this socket";
    case EAGAIN:
      return "the server does not take further connections";
    default:
      return "no connection: " + words_of(error);
  }
}

Result<std::unique_ptr<Stream>> connect_unix(const Target& target) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (target.socket.size() >= sizeof address.sun_path)
    return failure(
        Error::Code::malformed,
        fmt::format("the path is longer than the {} bytes that a unix socket may have", sizeof address.sun_path - 1));
  target.socket.copy(address.sun_path, target.socket.size());
  Descriptor descriptor(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (descriptor.get() < 0 || ::connect(descriptor.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
    return failure(errno == ENOENT ? Error::Code::not_found : Error::Code::unreadable, unix_words(errno));
  return std::make_unique<SocketStream>(std::move(descriptor));
}

std::optional<std::uint16_t> port_of(std::string_view text) {
  const auto port = parse_dec<std::uint16_t>(text);
  return port && *port > 0 ? port : std::nullopt;
}

}  // namespace

std::string Target::name() const {
  if (is_socket()) return socket;
  return host.find(':') == std::string::npos ? fmt::format("{}:{}", host, port) : fmt::format("[{}]:{}", host, port);
}

Result<Target> parse_target(std::string_view text) {
  Target target;
  std::string_view port;
  bool with_port = false;
  if (consume(text, "[")) {
    const auto host = take_until(text, "]");
    if (!host) return failure(Error::Code::malformed, "the ']' after the address is missing");
    target.host = *host;
    with_port = consume(text, ":");
    port = text;
    if (!with_port && !text.empty()) return failure(Error::Code::malformed, "after the ']' only ':PORT' may stand");
  } else if (text.find(':') != text.rfind(':')) {  // a bare IPv6 address
    target.host = text;
  } else {
    target.host = text.substr(0, text.find(':'));
    with_port = target.host.size() < text.size();
    if (with_port) port = text.substr(target.host.size() + 1);
  }
  if (target.host.empty() || target.host.find('\0') != std::string::npos)
    return failure(Error::Code::malformed, "a host is missing");
  if (!with_port) return target;
  const auto number = port_of(port);
  if (!number)
    return failure(Error::Code::malformed, fmt::format("'{}' is no port (1 to 65535)", printable(port, false)));
  target.port = *number;
  return target;
}

Result<std::unique_ptr<Stream>> connect_to(const Target& target, const Deadline& deadline) {
  return target.is_socket() ? connect_unix(target) : connect_tcp(target, deadline);
}

bool is_this_host(const Target& target) {
  if (target.is_socket() || target.host == "localhost") return true;
  in_addr v4{};
  in6_addr v6{};
  if (::inet_pton(AF_INET, target.host.c_str(), &v4) == 1) return (ntohl(v4.s_addr) >> 24) == 127;
  return ::inet_pton(AF_INET6, target.host.c_str(), &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

}  // namespace diag
