// What a live peer answered, and what its files say of the same matter.
#include "event/vocabulary.h"

namespace diag {

namespace {

constexpr FieldSpec greeting_fields[] = {
    {"server", FieldType::name, "HOST:PORT or the socket's path that was asked"},
    {"flavour", FieldType::name, "MySQL, MariaDB or Percona"},
    {"version", FieldType::version,
     "as greeted, without suffix and without MariaDB's '5.5.5-' prefix: 5.0.96, 10.11.19"},
    {"version.full", FieldType::name, "as greeted"},
    {"protocol", FieldType::number, "of the handshake: 10, or 9 before 3.21"},
    {"capabilities", FieldType::number, "the flags it announced"},
    {"tls", FieldType::flag, "it offers TLS"},
    {"secure_connection", FieldType::flag, "it knows the 4.1 authentication"},
    {"plugin_auth", FieldType::flag, "it knows authentication plugins"},
    {"plugin", FieldType::name, "its default authentication plugin"},
    {"error", FieldType::number, "the error that stood in place of the greeting: 1040, 1129, 1130"},
    {"error.text", FieldType::text, "the words of that error, perhaps in the server's own language"},
};

constexpr FieldSpec login_fields[] = {
    {"server", FieldType::name, "HOST:PORT or the socket's path that was asked"},
    {"user", FieldType::name, "the account name that was tried"},
    {"answer", FieldType::name,
     "ok, denied, old-auth (the server asks for the pre-4.1 scramble), old-auth-refused (secure_auth forbids it), "
     "old-plugin-gone, other-plugin, client-too-old, blocked, host-not-allowed, tls-required, too-many, other"},
    {"decoy", FieldType::flag,
     "the server gives such answers to unknown names too, so the account is not proven; absent: not known of this version"},
    {"password", FieldType::flag, "the account's password was used; else dummy bytes stood in its place"},
    {"tls", FieldType::flag, "the login went over TLS"},
    {"plugin", FieldType::name, "the authentication plugin it asked for"},
    {"error", FieldType::number, "the number of its error: 1045, 1251, 1275, 1524"},
    {"error.text", FieldType::text, "the words of that error, perhaps in the server's own language"},
};

constexpr FieldSpec account_fields[] = {
    {"user", FieldType::name, "the account's name; empty: the anonymous account"},
    {"host_pattern", FieldType::name, "from where it may log in: localhost, 10.0.%"},
    {"class", FieldType::name,
     "of the stored hash: pre41, native, cut (a native one cut to 16: nobody can log in), sha256, caching-sha2, ed25519, "
     "socket (no hash: the system's user counts), none, invalid, other"},
    {"plugin", FieldType::name, "the plugin column; absent: the table has none, or it is empty"},
    {"empty_plugin", FieldType::flag, "the table has a plugin column, and it is empty for this account"},
    {"length", FieldType::number, "of the stored hash, in characters"},
    {"tls", FieldType::flag, "it may log in over TLS only; absent: not stated"},
    {"basis", FieldType::name,
     "how it is known: query, datadir; file: seen in a file that may hold deleted rows as well"},
};

constexpr FieldSpec variable_fields[] = {
    {"server", FieldType::name, "HOST:PORT or the socket's path that was asked"},
    {"name", FieldType::name, "of the server variable"},
    {"value", FieldType::name, "as the server prints it"},
    {"session", FieldType::flag, "the value of the session, not the global one"},
};

constexpr FieldSpec column_fields[] = {
    {"table", FieldType::name, "of the database mysql: user, global_priv"},
    {"name", FieldType::name, "of the column"},
    {"width", FieldType::number, "characters it can hold: 16 (pre-4.1 layout) or 41 for Password"},
};

constexpr FieldSpec table_fields[] = {
    {"table", FieldType::name, "of the database mysql: user, global_priv"},
    {"format", FieldType::name, "of the file: dynamic, fixed (MyISAM), aria"},
    {"accounts", FieldType::number, "rows that were read"},
    {"deleted", FieldType::number, "pieces of deleted rows that are still in the file"},
    {"deleted.hashes", FieldType::flag, "old password hashes stand in those pieces"},
};

constexpr KindSpec kinds[] = {
    {"mysql.greeting", "The first packet of a MySQL server.", greeting_fields},
    {"mysql.login", "How a MySQL server answered a login.", login_fields},
    {"mysql.account", "One row of a MySQL grant table; the hash itself is never kept.", account_fields},
    {"mysql.variable", "A variable of a running MySQL server.", variable_fields},
    {"mysql.column", "A column of a MySQL grant table.", column_fields},
    {"mysql.table", "The file of a MySQL grant table.", table_fields},
};

}  // namespace

std::span<const KindSpec> probe_kinds() { return kinds; }

}  // namespace diag
