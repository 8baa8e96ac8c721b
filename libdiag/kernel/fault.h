// What a reader of the trace would work out: which instruction faulted, on what, and why. Needs no symbol file.
#pragma once

#include <string_view>

#include "diag/event.h"
#include "diag/kernel_report.h"

namespace diag::kernel {

// Fills report.fault and states what was derived as fields of the event. Call it when the report is complete; fields
// that the event has already are kept. What is not certain is left out.
//
// Of any kind of event, if the text shows what they rest on:
//   function.last_byte  flag     the instruction pointer stands at the last byte of its function
//   code                bytes    from the faulting instruction on
//   stack.top           address  the word at the stack pointer
//   stack.run           number   how many 32-bit numbers follow each other in steps, aligned or not; 0: fewer than 4 do
//   stack.ascii         text     the longest text of at least 8 characters
//   stack.torn_pointer  flag     data ends in the middle of a kernel pointer
// Of faults (x86; other machines have the address and what its value tells):
//   fault.instruction   text     "mov rax, [rdi+0x10]"
//   fault.explanation   text     one or two sentences
//   fault.address       address  that could not be accessed
//   fault.class         name     null_offset err_ptr poison_list poison_free poison_slab poison_page poison_timer
//                                poison_stack_end ascii_pointer single_bit non_canonical user_address freed_module nx
//                                read_only reserved_bit stack_overflow smashed_return rip_in_data rip_zero bug_ud2
//                                divide msr
//   fault.register      name     that held the bad value
//   fault.access        name     read, write, execute
void explain_fault(std::string_view kind, KernelReport& report, Event& event);

}  // namespace diag::kernel
