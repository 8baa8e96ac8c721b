#include "probe/mysql_probe.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace diag::mysql {

namespace {

constexpr int most_connections = 2;

// TLS of these works with the TLS libraries of today; older servers speak TLS 1.0 at best.
bool has_usable_tls(const Greeting& greeting) {
  if (!greeting.can(offers_tls) || greeting.only_old()) return false;
  return greeting.flavour == Flavour::mariadb ? at_least(greeting.version, 10, 2) : at_least(greeting.version, 5, 7);
}

class Probe {
 public:
  explicit Probe(const ProbeOptions& options)
      : options_(options),
        deadline_(options.clock, options.patience),
        // Certificates to trust are given by someone who does not want to do without.
        tls_(!options.tls_ca.empty() && options.tls == TlsUse::automatic ? TlsUse::required : options.tls) {
    result_.server = options.target.name();
  }

  ProbeResult run() {
    if (options_.login_user) log_in();
    std::vector<std::string> users = options_.users;
    if (result_.inventory && result_.inventory->every_account)
      users.clear();  // they are known already
    else if (users.empty() && !options_.login_user)
      users.emplace_back(no_account);
    for (const auto& user : users) {
      if (over_ || connections_ == most_connections)
        result_.not_asked.push_back(user);
      else
        try_name(user, tls_ == TlsUse::required);
    }
    retry_with_tls(users);
    return std::move(result_);
  }

 private:
  bool tls_allowed() const { return tls_ != TlsUse::never && tls_is_built_in(); }

  void log_in() {
    LoginRequest request;
    request.user = *options_.login_user;
    request.password = options_.login_password;
    request.allow_old = options_.allow_old;
    bool tls = tls_ != TlsUse::never && !options_.target.is_socket();
    connect(std::move(request), tls);
    if (!tls_failed_ || tls_ == TlsUse::required || connections_ == most_connections) return;
    over_ = false;
    result_.error.reset();
    result_.logins.clear();
    request = {*options_.login_user, options_.login_password, options_.allow_old, false};
    connect(std::move(request), false);
  }

  void try_name(const std::string& user, bool tls) {
    LoginRequest request;
    request.user = user;
    connect(std::move(request), tls);
  }

  // An account that is refused because TLS is not used is asked once more, if a connection is left.
  void retry_with_tls(const std::vector<std::string>& users) {
    if (users.size() != 1 || over_ || connections_ == most_connections || !tls_allowed() || result_.logins.empty())
      return;
    if (result_.logins.back().outcome.answer != Answer::tls_required || !has_usable_tls(*result_.greeting)) return;
    try_name(users[0], true);
  }

  void fail(Error error) {
    over_ = true;
    result_.error = std::move(error);
  }

  // One connection, from the greeting to the end of the login. `tls`: wanted, if the server can.
  void connect(LoginRequest request, bool tls) {
    auto stream = connect_to(options_.target, deadline_);
    if (!stream) return fail(stream.error());
    ++connections_;
    Connection connection(std::move(*stream));
    if (!greet(connection)) return;
    const bool wanted = tls && (tls_ == TlsUse::required || has_usable_tls(*result_.greeting));
    request.tls = wanted && tls_allowed() && result_.greeting->can(offers_tls) && !result_.greeting->only_old();
    const bool needed = tls && tls_ == TlsUse::required;
    Login login{request.user, request.password.has_value(), request.tls, {}, false, {}};
    if (needed && !request.tls) return refuse_plain(connection, login);
    LoginExchange exchange(*result_.greeting, std::move(request));
    exchange_packets(connection, exchange, login);
    finish(connection, exchange, std::move(login));
  }

  bool greet(Connection& connection) {
    const auto packet = connection.receive(deadline_);
    if (!packet) {
      fail(no_greeting(connection, packet.error()));
      return false;
    }
    auto read = read_greeting(packet->payload);
    if (auto* greeting = std::get_if<Greeting>(&read)) {
      result_.greeting = std::move(*greeting);
      return true;
    }
    over_ = true;
    if (auto* refusal = std::get_if<ServerError>(&read))
      result_.refusal = std::move(*refusal);
    else
      fail(not_mysql(to_wire(*packet), std::get<Error>(read).message));
    return false;
  }

  Error not_mysql(std::string_view bytes, const std::string& why) const {
    return {Error::Code::malformed, fmt::format("this is {} ({})", describe_stranger(bytes), why), {}};
  }

  Error no_greeting(const Connection& connection, Error error) const {
    if (!connection.rest().empty()) return not_mysql(connection.rest(), error.message);
    if (error.code == Error::Code::limit)
      error.message = "connected, but " + error.message +
                      ": this is no MySQL server (a web server waits for its client to speak first), or one that is "
                      "stuck, perhaps in looking up this host's name (skip-name-resolve)";
    if (error.code == Error::Code::not_found)
      error.message =
          "the server closed the connection without a word: tcp wrappers (hosts.deny), a proxy without a server behind "
          "it, or a server that is about to stop";
    return error;
  }

  // TLS is demanded and cannot be had: the login is ended with dummy bytes, as hanging up would be counted.
  void refuse_plain(Connection& connection, const Login& login) {
    LoginRequest request;
    request.user = no_account;
    LoginExchange exchange(*result_.greeting, std::move(request));
    Login dummy{login.user, false, false, {}, false, {}};
    exchange_packets(connection, exchange, dummy);
    fail({Error::Code::unsupported,
          tls_is_built_in() ? "the server offers no TLS; --socket on the server itself, or an SSH tunnel, is as safe"
                            : "TLS is not built in",
          {}});
  }

  void exchange_packets(Connection& connection, LoginExchange& exchange, Login& login) {
    const auto send = [&](const Packet& packet) {
      const auto sent = connection.send(packet, deadline_);
      if (!sent) login.trouble = sent.error().message;
      return sent.has_value();
    };
    if (!send(exchange.open())) return;
    if (login.tls && !(set_up_tls(connection, login) && send(exchange.login()))) return;
    while (!exchange.done()) {
      const auto packet = connection.receive(deadline_);
      if (!packet) {
        login.trouble = packet.error().message;
        return;
      }
      if (const auto next = exchange.take(*packet); next && !send(*next)) return;
    }
  }

  bool set_up_tls(Connection& connection, Login& login) {
    const TlsOptions tls{options_.tls_ca, options_.target.is_socket() ? std::string() : options_.target.host};
    const auto done = connection.start_tls(tls, deadline_);
    if (done) return true;
    login.trouble = "TLS could not be set up: " + done.error().message;
    tls_failed_ = true;
    std::string advice = login.trouble;
    if (!has_usable_tls(*result_.greeting))
      advice +=
          "; servers of MySQL 5.6 and older speak TLS 1.0 only, which is no longer accepted: use --socket on the "
          "server itself, or an SSH tunnel";
    result_.remarks.push_back(advice);
    if (tls_ == TlsUse::required) result_.error = Error{Error::Code::unsupported, advice, {}};
    return false;
  }

  void finish(Connection& connection, const LoginExchange& exchange, Login login) {
    login.outcome = exchange.outcome();
    login.counted = counts_against_host(*result_.greeting, login.outcome);
    over_ = over_ || ends_run(login.outcome.answer) || !login.trouble.empty();
    if (login.with_password && login.outcome.answer == Answer::ok) {
      result_.inventory = take_inventory(connection, *result_.greeting, deadline_);
      connection.quit(deadline_);
    }
    result_.logins.push_back(std::move(login));
  }

  const ProbeOptions& options_;
  const Deadline deadline_;
  const TlsUse tls_;
  ProbeResult result_;
  int connections_ = 0;
  bool over_ = false, tls_failed_ = false;
};

}  // namespace

ProbeResult probe(const ProbeOptions& options) { return Probe(options).run(); }

}  // namespace diag::mysql
