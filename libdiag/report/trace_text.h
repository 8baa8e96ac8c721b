// A call trace for people: who called whom, without the pointers that merely lay on the stack.
#pragma once

#include <string>

#include "diag/kernel_report.h"
#include "report/text_page.h"

namespace diag {

std::string extent(const Frame& frame);  // "+0x5bf/0x5c0"; empty: not printed

// In one flowing paragraph, innermost function first; with source positions or TextStyle::all, a line a frame.
void write_trace(TextPage& page, const Label& label, const KernelReport& report);

}  // namespace diag
