// What a probe learned, as events.
#include <fmt/core.h>

#include <algorithm>

#include "base/text.h"
#include "probe/mysql_probe.h"

namespace diag::mysql {

namespace {

constexpr std::size_t most_name = 256;

class EventList {
 public:
  EventList(const ProbeResult& result, SourceId source) : result_(result), source_(source) {}

  std::vector<Event> make() {
    if (result_.greeting) add_greeting(*result_.greeting);
    if (result_.refusal) add_refusal(*result_.refusal);
    for (const auto& login : result_.logins) add_login(login);
    if (result_.inventory) add_inventory(*result_.inventory);
    return std::move(events_);
  }

 private:
  Event& add(std::string_view kind, std::string title) {
    Event& event = events_.emplace_back();
    event.kind = kind;
    event.title = std::move(title);
    event.first.source = event.last.source = source_;
    return event;
  }

  void set_server(Event& event) const { event.set("server", printable(result_.server.substr(0, most_name), false)); }

  void add_greeting(const Greeting& greeting) {
    Event& event = add("mysql.greeting", fmt::format("{} {} at {}", to_string(greeting.flavour), greeting.version,
                                                     printable(result_.server, false)));
    set_server(event);
    event.set("flavour", std::string(to_string(greeting.flavour)));
    event.set("version", greeting.version);
    event.set("version.full", greeting.version_full);
    event.set("protocol", static_cast<double>(greeting.protocol));
    event.set("capabilities", static_cast<double>(greeting.capabilities));
    event.set("tls", greeting.can(offers_tls));
    event.set("secure_connection", !greeting.only_old());
    event.set("plugin_auth", greeting.can(plugin_auth));
    if (!greeting.plugin.empty()) event.set("plugin", greeting.plugin);
  }

  void add_refusal(const ServerError& error) {
    Event& event = add("mysql.greeting", fmt::format("error {} in place of a greeting, at {}", error.number,
                                                     printable(result_.server, false)));
    set_server(event);
    set_error(event, error);
  }

  static void set_error(Event& event, const ServerError& error) {
    event.set("error", static_cast<double>(error.number));
    event.set("error.text", error.text);
  }

  void add_login(const Login& login) {
    Event& event = add("mysql.login", verdict(*result_.greeting, login));
    set_server(event);
    event.set("user", printable(login.user.substr(0, most_name), false));
    event.set("answer", std::string(to_string(login.outcome.answer)));
    event.set("password", login.with_password);
    event.set("tls", login.tls);
    const auto decoys = has_decoys(*result_.greeting);
    const bool proven = login.outcome.answer == Answer::old_plugin_gone || login.outcome.answer == Answer::ok;
    if (proven || decoys) event.set("decoy", !proven && *decoys);
    if (!login.outcome.plugin.empty()) event.set("plugin", login.outcome.plugin);
    if (login.outcome.error) set_error(event, *login.outcome.error);
  }

  void add_inventory(const Inventory& inventory) {
    for (const auto& account : inventory.accounts) {
      Event& event =
          add("mysql.account", fmt::format("account '{}'@'{}': {}", account.user, account.host, account.hash_class));
      event.set("user", account.user);
      event.set("host_pattern", account.host);
      event.set("class", account.hash_class);
      if (account.plugin && !account.plugin->empty()) event.set("plugin", *account.plugin);
      if (account.plugin) event.set("empty_plugin", account.plugin->empty());
      if (account.length) event.set("length", static_cast<double>(*account.length));
      if (account.tls) event.set("tls", *account.tls);
      event.set("basis", std::string("query"));
    }
    for (const auto& variable : inventory.variables) {
      Event& event = add("mysql.variable",
                         fmt::format("{}{} = {}", variable.session ? "session " : "", variable.name, variable.value));
      set_server(event);
      event.set("name", variable.name);
      event.set("value", variable.value);
      event.set("session", variable.session);
    }
    for (const auto& column : inventory.columns) {
      Event& event = add("mysql.column", fmt::format("column {} of mysql.{}", column.name, column.table));
      event.set("table", column.table);
      event.set("name", column.name);
      if (column.width) event.set("width", static_cast<double>(*column.width));
    }
  }

  const ProbeResult& result_;
  const SourceId source_;
  std::vector<Event> events_;
};

}  // namespace

std::vector<Event> events_of(const ProbeResult& result, SourceId source) { return EventList(result, source).make(); }

}  // namespace diag::mysql
