#include "config/reject_types.h"

#include <span>

#include "base/text.h"

namespace diag {

namespace {

struct Type {
  std::string_view name, alias;
};

constexpr Type ipv4_types[] = {
    {"icmp-net-unreachable", "net-unreach"},
    {"icmp-host-unreachable", "host-unreach"},
    {"icmp-proto-unreachable", "proto-unreach"},
    {"icmp-port-unreachable", "port-unreach"},
    {"icmp-net-prohibited", "net-prohib"},
    {"icmp-host-prohibited", "host-prohib"},
    {"tcp-reset", "tcp-rst"},
    {"icmp-admin-prohibited", "admin-prohib"},
};
constexpr Type ipv6_types[] = {
    {"icmp6-no-route", "no-route"},
    {"icmp6-adm-prohibited", "adm-prohibited"},
    {"icmp6-addr-unreachable", "addr-unreach"},
    {"icmp6-port-unreachable", "port-unreach"},
    {"tcp-reset", "tcp-rst"},
    {"icmp6-policy-fail", "policy-fail"},
    {"icmp6-reject-route", "reject-route"},
};

}  // namespace

std::string_view default_reject_type(Family family) {
  return family == Family::ipv4 ? "icmp-port-unreachable" : "icmp6-port-unreachable";
}

std::string_view reject_type(Family family, std::string_view written) {
  const auto word = to_lower(written);
  const auto types = family == Family::ipv4 ? std::span<const Type>(ipv4_types) : std::span<const Type>(ipv6_types);
  for (const auto& type : types)
    if (!word.empty() && (type.name.starts_with(word) || type.alias == word)) return type.name;
  return {};
}

}  // namespace diag
