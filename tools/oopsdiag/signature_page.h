// One signature for a person: what it recognises, what it concludes, what to do.
#pragma once

#include <string>

#include "diag/report.h"
#include "diag/signature.h"

namespace diag::tools {

std::string signature_page(const Signature& signature, const TextStyle& style);

// "critical  kernel.net.bridge-reject-icmp-send  title", a line each, sorted by id.
std::string signature_list(const SignatureSet& signatures, const TextStyle& style);

}  // namespace diag::tools
