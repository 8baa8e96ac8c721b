// What a kernel release tells: the distribution and the machine.
#pragma once

#include <string>
#include <string_view>

namespace diag::kernel {

// "2.6.18-274.7.1.el5" -> "el5", "2.6.9-89.ELsmp" -> "el4", "3.8.13-16.2.1.el6uek" -> "uek", "3.10.11-100.fc18" -> "fc18";
// empty: not known.
std::string distribution_of(std::string_view release);

// "3.10.0-1160.el7.x86_64" -> "x86_64"; empty: the release does not say (EL4 and EL5).
std::string arch_of(std::string_view release);

}  // namespace diag::kernel
