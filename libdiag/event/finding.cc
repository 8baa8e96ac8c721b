#include "diag/finding.h"

namespace diag {

std::string_view to_string(Severity s) {
  switch (s) {
    case Severity::info:
      return "info";
    case Severity::warning:
      return "warning";
    case Severity::critical:
      return "critical";
  }
  return "info";
}

std::string_view to_string(Confidence c) {
  switch (c) {
    case Confidence::possible:
      return "possible";
    case Confidence::likely:
      return "likely";
    case Confidence::certain:
      return "certain";
  }
  return "possible";
}

std::string_view to_string(Risk r) {
  switch (r) {
    case Risk::none:
      return "none";
    case Risk::service_restart:
      return "service restart";
    case Risk::traffic_change:
      return "traffic change";
    case Risk::reboot:
      return "reboot";
  }
  return "none";
}

}  // namespace diag
