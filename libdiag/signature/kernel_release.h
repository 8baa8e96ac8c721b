// A kernel release taken apart for comparison: "2.6.18-274.7.1.el5xen" is release 274.7.1 of stream el5.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace diag::sig {

struct KernelRelease {
  std::string stream;    // "el5"; empty: not a kernel of CentOS or RHEL
  std::string release;   // "274.7.1": xen, PAE, debug, .centos.plus, the .elN tail and the architecture are off
  std::string arch;      // "x86_64", "i386"; empty: not stated in it
  bool foreign = false;  // built by others (UEK, ELRepo, OpenVZ, vanilla ...): its fixes are not known
};

KernelRelease read_kernel_release(std::string_view text);

// i486, i586, i686, athlon -> "i386"; others as they are.
std::string_view plain_arch(std::string_view arch);

}  // namespace diag::sig
