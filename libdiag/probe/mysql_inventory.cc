#include "probe/mysql_inventory.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "event/mysql_account.h"

namespace diag::mysql {

namespace {

constexpr std::size_t most_name = 256;

constexpr std::string_view variables[] = {"old_passwords", "secure_auth", "skip_name_resolve", "max_connect_errors"};

std::string clean(const std::optional<std::string>& text) {
  return printable(text.value_or("").substr(0, most_name), false);
}

// SQL for the form of the hash in `column`, in the words of hash_form().
std::string form_of(std::string_view column) {
  constexpr std::string_view sql =
      "CASE WHEN {0} IS NULL OR {0}='' THEN 'none' WHEN {0} REGEXP '^[0-9A-Fa-f]{{16}}$' THEN 'pre41'"
      " WHEN {0} REGEXP '^[*][0-9A-Fa-f]{{40}}$' THEN 'native' WHEN {0} REGEXP '^[*][0-9A-Fa-f]{{15}}$' THEN 'cut'"
      " WHEN LEFT({0},3)='$5$' THEN 'sha256' WHEN LEFT({0},3)='$A$' THEN 'caching-sha2' ELSE 'other' END";
  return fmt::format(fmt::runtime(sql), column);
}

class Questions {
 public:
  Questions(Connection& connection, const Greeting& greeting, const Deadline& deadline)
      : connection_(connection), greeting_(greeting), deadline_(deadline) {}

  Inventory run() {
    ask_variables();
    const bool json = greeting_.flavour == Flavour::mariadb && at_least(greeting_.version, 10, 4);
    if (!(json && ask_global_priv())) ask_user_table();
    if (!out_.every_account) ask_own_grants();
    return std::move(out_);
  }

 private:
  std::optional<Rows> rows_of(const std::string& sql, std::string_view what) {
    auto rows = ask(connection_, sql, deadline_);
    if (rows) return std::move(*rows);
    const auto& e = rows.error();
    out_.unknown.push_back(e.number ? fmt::format("{}: error {}: {}", what, e.number, e.text)
                                    : fmt::format("{}: {}", what, e.text));
    return std::nullopt;
  }

  void ask_variable(std::string_view scope, std::string_view name, bool session) {
    const auto rows = rows_of(fmt::format("SHOW {} VARIABLES LIKE '{}'", scope, name), name);
    if (!rows) return;
    for (const Row& row : *rows) {
      if (row.size() >= 2 && row[0] == name) out_.variables.push_back({clean(row[0]), clean(row[1]), session});
    }
  }

  void ask_variables() {
    for (const auto name : variables) ask_variable("GLOBAL", name, false);
    ask_variable("SESSION", variables[0], true);
  }

  bool ask_global_priv() {
    constexpr std::string_view json = "JSON_VALUE(Priv,'$.{}')";
    const std::string hash = fmt::format(fmt::runtime(json), "authentication_string");
    const std::string plugin = fmt::format(fmt::runtime(json), "plugin");
    return take_accounts(fmt::format("SELECT Host,User,{0},LENGTH({1}),{2},IFNULL({3},0)>0 FROM mysql.global_priv"
                                     " WHERE IFNULL({4},'')<>'true'",
                                     plugin, hash, form_of(hash), fmt::format(fmt::runtime(json), "ssl_type"),
                                     fmt::format(fmt::runtime(json), "is_role")),
                         "mysql.global_priv", true);
  }

  void ask_user_table() {
    const auto rows = rows_of("SHOW COLUMNS FROM mysql.user", "the columns of mysql.user");
    if (!rows) return;
    std::vector<std::string> names;
    for (const Row& row : *rows) {
      if (row.size() < 2) continue;
      names.push_back(to_lower(clean(row[0])));
      if (names.back() == "password") out_.columns.push_back({"user", "Password", width_of_type(clean(row[1]))});
    }
    const auto has = [&](std::string_view name) { return std::ranges::find(names, name) != names.end(); };
    std::string hash = has("password") ? "Password" : "authentication_string";
    if (has("password") && has("authentication_string"))
      hash = "IF(Password='',IFNULL(authentication_string,''),Password)";
    take_accounts(fmt::format("SELECT Host,User,{},LENGTH({}),{},{} FROM mysql.user", has("plugin") ? "plugin" : "NULL",
                              hash, form_of(hash), has("ssl_type") ? "ssl_type<>''" : "NULL"),
                  "mysql.user", has("plugin"));
  }

  bool take_accounts(const std::string& sql, std::string_view table, bool with_plugin) {
    const auto rows = rows_of(sql, table);
    if (!rows) return false;
    for (const Row& row : *rows) {
      if (row.size() < 6) continue;
      Account account{clean(row[1]), clean(row[0]), {}, {}, {}, {}};
      if (with_plugin) account.plugin = clean(row[2]);
      account.length = parse_dec<unsigned>(row[3].value_or("0"));
      account.hash_class = account_class(account.plugin.value_or(""), clean(row[4]));
      if (row[5]) account.tls = *row[5] == "1";
      out_.accounts.push_back(std::move(account));
    }
    out_.every_account = true;
    return true;
  }

  void ask_own_grants() {
    const auto rows = rows_of("SHOW GRANTS", "the account's own grants");
    if (!rows) return;
    for (const Row& row : *rows) {
      const auto account = row.empty() || !row[0] ? std::nullopt : account_of_grant(*row[0]);
      if (!account) continue;
      out_.accounts.push_back(*account);
      return;
    }
  }

  Connection& connection_;
  const Greeting& greeting_;
  const Deadline& deadline_;
  Inventory out_;
};

// A text in quotes of any kind; \x and doubled quotes stand for themselves.
std::optional<std::string> quoted_text(std::string_view& s) {
  s = trim_left(s);
  if (s.empty() || (s[0] != '\'' && s[0] != '`' && s[0] != '"')) return std::nullopt;
  const char quote = s[0];
  std::string out;
  for (std::size_t i = 1; i < s.size(); ++i) {
    if (s[i] == quote && s.substr(i + 1, 1) != std::string_view(&quote, 1)) {
      s.remove_prefix(i + 1);
      return out;
    }
    if ((s[i] == '\\' || s[i] == quote) && i + 1 < s.size()) ++i;
    out += s[i];
  }
  return std::nullopt;
}

void note_hash(Account& account, const std::string& hash) {
  account.length = static_cast<unsigned>(hash.size());
  account.hash_class = account_class(account.plugin.value_or(""), hash_form(hash));
}

}  // namespace

std::optional<unsigned> width_of_type(std::string_view type) {
  const std::string lower = to_lower(type);
  std::string_view rest = lower;
  consume(rest, "var");
  if (!consume(rest, "char(") && !consume(rest, "binary(")) return std::nullopt;
  return parse_dec<unsigned>(rest.substr(0, rest.find(')')));
}

std::optional<Account> account_of_grant(std::string_view grant) {
  const auto to = grant.find(" TO ");
  if (to == std::string_view::npos) return std::nullopt;
  std::string_view rest = grant.substr(to + 4);
  const auto user = quoted_text(rest);
  if (!user || !consume(rest, "@")) return std::nullopt;
  const auto host = quoted_text(rest);
  if (!host) return std::nullopt;
  Account account{clean(*user), clean(*host), "other", {}, {}, {}};
  account.tls = rest.find(" REQUIRE ") != std::string_view::npos;
  rest = trim_left(rest);
  if (consume(rest, "IDENTIFIED BY PASSWORD ")) {
    if (const auto hash = quoted_text(rest)) note_hash(account, *hash);
  } else if (consume(rest, "IDENTIFIED VIA ") || consume(rest, "IDENTIFIED WITH ")) {
    auto plugin = quoted_text(rest);
    if (!plugin) plugin = std::string(take_while(rest, is_word));
    account.plugin = clean(*plugin);
    rest = trim_left(rest);
    const bool stated = consume(rest, "USING ") || consume(rest, "AS ");
    const auto hash = stated ? quoted_text(rest) : std::nullopt;
    note_hash(account, hash.value_or(""));
    if (!hash) account.length = std::nullopt;
  } else {
    return std::nullopt;  // such servers do not print it
  }
  return account;
}

Inventory take_inventory(Connection& connection, const Greeting& greeting, const Deadline& deadline) {
  return Questions(connection, greeting, deadline).run();
}

}  // namespace diag::mysql
