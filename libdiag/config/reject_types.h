// The answers a REJECT can send.
#pragma once

#include <string_view>

#include "config/firewall.h"

namespace diag {

std::string_view default_reject_type(Family family);
// The long spelling of "host-prohib", "icmp-host-proh" ...: as iptables, the first name that begins so, or the short
// name. Empty: none.
std::string_view reject_type(Family family, std::string_view written);

}  // namespace diag
