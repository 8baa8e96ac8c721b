#include "kernel/kind_table.h"

#include <algorithm>

#include "scan/literal_set.h"

namespace diag::kernel {

namespace {

using enum Role;

// Captures named as in docs/events.md become fields. More special rows stand before more general ones.
constexpr KindRow rows[] = {
    {"", "FAULT_INJECTION: forcing a failure"},

    // Sanitizers and checkers
    {"kasan", "BUG: KASAN: {kasan.what:t} in {function:s}"},
    {"kasan", "BUG: KASAN: {kasan.what:t} on address {fault.address:a}"},
    {"kasan", "BUG: KASAN: {kasan.what:t}"},
    {"kasan", "^BUG KASAN: "},
    {"kasan", "{kasan.access:w} of size {kasan.size:d} at addr {fault.address:a} by task {task.comm:l}/{task.pid:d}", detail},
    {"kmsan", "BUG: KMSAN: {kmsan.what:t} in {function:s}"},
    {"kmsan", "BUG: KMSAN: {kmsan.what:t}"},
    {"kcsan", "BUG: KCSAN: {kcsan.what:t} in {function:s}"},
    {"kcsan", "BUG: KCSAN: {kcsan.what:t}"},
    {"kfence", "BUG: KFENCE: {kfence.what:t} in {function:s}"},
    {"kfence", "BUG: KFENCE: {kfence.what:t}"},
    {"ubsan", "UBSAN: {ubsan.what:t} in {file:t}:{line:d}"},
    {"ubsan", "UBSAN: {ubsan.what:t}"},
    {"mem_leak", "BUG: memory leak"},
    {"mem_leak", "^unreferenced object {leak.address:a} (size {leak.size:d})", joins},
    {"mem_leak", "^comm \"{task.comm:l}\", pid {task.pid:d}, jiffies", detail},

    // Stalls
    {"soft_lockup", "BUG: soft lockup - CPU#{cpu:d} stuck for {seconds:d}s! [{task.comm:l}:{task.pid:d}]"},
    {"soft_lockup", "BUG: soft lockup - CPU#{cpu:d} stuck for {seconds:d}s!"},
    {"soft_lockup", "BUG: soft lockup detected on CPU#{cpu:d}"},
    {"soft_lockup", "BUG: soft lockup"},
    {"hard_lockup", "NMI Watchdog detected LOCKUP on CPU {cpu:d}"},
    {"hard_lockup", "NMI Watchdog detected LOCKUP on CPU{cpu:d}"},
    {"hard_lockup", "NMI Watchdog detected LOCKUP"},
    {"hard_lockup", "Watchdog detected hard LOCKUP on cpu {cpu:d}"},
    {"hard_lockup", "Watchdog CPU:{cpu:d} Hard LOCKUP"},
    {"hard_lockup", "CPU {cpu:d} detected hard LOCKUP"},
    {"rcu_stall", "INFO: RCU detected CPU {cpu:d} stall (t={jiffies:d} jiffies)"},
    {"rcu_stall", "INFO: RCU detected CPU stalls:"},
    {"rcu_stall", "INFO: {rcu.flavor:w} detected stalls on CPUs/tasks"},
    {"rcu_stall", "INFO: {rcu.flavor:w} self-detected stall on CPU"},
    {"rcu_stall", "INFO: {rcu.flavor:w} detected expedited stalls on CPUs/tasks"},
    {"rcu_stall", "INFO: {rcu.flavor:w} detected stall"},
    {"rcu_stall", "(t={jiffies:d} jiffies g=", detail},
    {"rcu_stall", "(detected by {rcu.detector:d}, t={jiffies:d} jiffies", detail},
    {"rcu_stall", "(t={jiffies:d} jiffies)", detail},
    {"rcu_stall", "{rcu.kthread:w} kthread starved for {rcu.starved:d} jiffies", detail},
    {"hung_task", "INFO: task {task.comm:l}:{task.pid:d} blocked for more than {seconds:d} seconds"},
    {"hung_task", "INFO: task {task.comm:l}:{task.pid:d} blocked in I/O wait for more than {seconds:d} seconds"},
    {"hung_task", "INFO: task {task.comm:l}:{task.pid:d} can't die for more than {seconds:d} seconds"},
    {"workqueue_lockup", "BUG: workqueue lockup - pool cpus={cpu:d} {*}stuck for {seconds:d}s"},
    {"workqueue_lockup", "BUG: workqueue lockup - pool {*}stuck for {seconds:d}s"},
    {"workqueue_lockup", "BUG: workqueue lockup"},

    // Stack trouble
    {"stack_overflow", "BUG: stack guard page was hit at {fault.address:a}"},
    {"stack_overflow", "stack guard page was hit at {fault.address:a}"},
    {"stack_overflow", "BUG: stack guard page was hit"},
    {"stack_overflow", "kernel stack overflow (double-fault): {fault.error:x} [#{oops.number:d}]"},
    {"stack_overflow", "Kernel panic - not syncing: kernel stack overflow", closes},
    {"stack_overflow", "kernel stack overflow"},
    {"stack_overflow", "Kernel panic - not syncing: corrupted stack end detected inside scheduler"},
    {"stack_overflow", "Insufficient stack space to handle exception"},
    {"stack_overflow", "{task.comm:t} has overflown the kernel stack"},
    {"stack_overflow", "do_IRQ: {task.comm:t} near stack overflow"},
    {"stack_overflow", "do_IRQ: stack overflow: {stack.left:d}"},
    {"stack_protector", "stack-protector: Kernel stack is corrupted in: {function:s}", refines},
    {"stack_protector", "stack-protector: Kernel stack is corrupted in: {stack_protector.address:a}", refines},
    {"stack_protector", "stack-protector: Kernel stack is corrupted", refines},

    // Lists, slabs, pages, copies: the sentence comes before or behind a BUG or WARNING, which it explains
    {"list_corruption", "list_add corruption. {list.what:t} should be {list.expected:t}, but was {list.found:w}", refines},
    {"list_corruption", "list_add corruption", refines},
    {"list_corruption", "list_add double add", refines},
    {"list_corruption", "list_del corruption. {list.what:t} should be {list.expected:t}, but was {list.found:w}", refines},
    {"list_corruption", "list_del corruption", refines},
    {"usercopy", "usercopy: Kernel memory {usercopy.what:t} attempt detected {usercopy.object:t}!", refines},
    {"usercopy", "usercopy: kernel memory {usercopy.what:t} attempt detected {usercopy.object:t}!", refines},
    {"usercopy", "usercopy: Kernel memory ", refines},
    {"usercopy", "usercopy: kernel memory ", refines},
    {"usercopy", "Bad or missing usercopy whitelist?", refines},
    {"bad_page", "Bad page state in process '{task.comm:l}'"},
    {"bad_page", "BUG: Bad page state in process {task.comm:t}  pfn:{page.frame:x}"},
    {"bad_page", "BUG: Bad page state in process {task.comm:t} pfn:{page.frame:x}"},
    {"bad_page", "BUG: Bad page map in process {task.comm:t}  pte:{page.entry:x}"},
    {"bad_page", "BUG: Bad page "},
    {"bad_page", "Bad page state at "},
    {"slab_corruption", "Slab corruption{*}: start={slab.object:a}, len={slab.size:d}"},
    {"slab_corruption", "Slab corruption"},
    {"slab_corruption", "slab error in {slab.check:t}: cache `{slab.cache:t}': {slab.what:t}"},
    {"slab_corruption", "^BUG {slab.cache:w} (Not tainted): {slab.what:t}"},
    {"slab_corruption", "^BUG {slab.cache:w} (Tainted:{*}): {slab.what:t}"},

    // Lock checker
    {"lockdep", "INFO: possible {lockdep.what:t} detected"},
    {"lockdep", "WARNING: possible {lockdep.what:t} detected"},
    {"lockdep", "possible circular locking dependency detected"},
    {"lockdep", "possible recursive locking detected"},
    {"lockdep", "possible irq lock inversion dependency detected"},
    {"lockdep", "-safe -> {*}-unsafe lock order detected"},
    {"lockdep", "inconsistent lock state"},
    {"lockdep", "^inconsistent {lockdep.usage:t} usage.", detail},
    {"lockdep", "uspicious RCU usage"},
    {"lockdep", "uspicious rcu_dereference", joins},
    {"lockdep", "INFO: trying to register non-static key"},
    {"lockdep", "bad unlock balance detected"},
    {"lockdep", "bad contention detected"},
    {"lockdep", "held lock freed!"},
    {"lockdep", "lock held when returning to user space!"},
    {"lockdep", "lock held at task exit time!"},
    {"lockdep", "locks held when returning to user space"},
    {"lockdep", "Nested lock was not taken"},
    {"lockdep", "Invalid wait context"},
    {"lockdep", "BUG: spinlock {lockdep.what:t} on CPU#{cpu:d}, {task.comm:l}/{task.pid:d}"},
    {"lockdep", "BUG: spinlock "},
    {"lockdep", "BUG: rwlock "},
    {"lockdep", "still has locks held!"},
    {"lockdep", "BUG: workqueue leaked lock or atomic"},
    {"lockdep", "DEBUG_LOCKS_WARN_ON(", refines},
    {"atomic_sleep", "BUG: sleeping function called from invalid context at {file:t}:{line:d}"},
    {"atomic_sleep", "sleeping function called from invalid context at {file:t}:{line:d}"},
    {"atomic_sleep", "sleeping function called from invalid context"},
    {"atomic_sleep", "BUG: scheduling while atomic: {task.comm:l}/{task.pid:d}/0x"},
    {"atomic_sleep", "scheduling while atomic: {task.comm:t}/0x{*}/{task.pid:d}"},
    {"atomic_sleep", "BUG: scheduling while atomic"},
    {"atomic_sleep", "^bad: scheduling while atomic"},

    // Storage and clusters
    {"lbug", ") LBUG", joins},
    {"lbug", "^LBUG", joins},
    {"lbug", "ASSERTION({assertion:t}) failed"},
    {"lbug", "ASSERTION( "},
    {"zfs_panic", "VERIFY{assertion:t} failed"},
    {"zfs_panic", "PANIC at {file:t}:{line:d}:{zfs.function:t}()", joins},
    {"zfs_panic", "SPLError: ", joins},
    {"zfs_panic", "SPL PANIC", joins},
    {"zfs_panic", "PANIC: zfs: "},
    {"fs_error", "{fs.type:t}-fs error (device {device:t}): {fs.function:t}:{line:d}: {fs.message:t}"},
    {"fs_error", "{fs.type:t}-fs error (device {device:t}): {fs.function:w}: {fs.message:t}"},
    {"fs_error", "{fs.type:t}-fs error (device {device:t})"},
    {"fs_error", "{fs.type:t}-fs: {*}({device:t}) error"},
    {"fs_error", "Filesystem \"{device:t}\": XFS internal error {fs.message:t}"},
    {"fs_error", "XFS ({device:t}): Internal error {fs.message:t} at line {line:d} of file {file:w}"},
    {"fs_error", "XFS ({device:t}): Corruption detected"},
    {"fs_error", "XFS internal error {fs.message:t} at line {line:d} of file {file:w}"},
    {"fs_error", "XFS ({device:t}): metadata I/O error"},
    {"fs_error", "XFS ({device:t}): Metadata corruption detected"},
    {"fs_error", "Aborting journal on device {device:w}"},
    {"fs_error", "journal commit I/O error"},
    {"fs_error", "GFS2: fsid={device:w} fatal: {fs.message:t}"},

    // Hardware
    {"mce", "CPU {cpu:d}: Machine Check Exception: {mce.mcg_status:x} Bank {mce.bank:d}: {mce.status:a}"},
    {"mce", "CPU {cpu:d}: Machine Check: {mce.mcg_status:x} Bank {mce.bank:d}: {mce.status:a}"},
    {"mce", "CPU {cpu:d}: Machine Check Exception: {mce.mcg_status:x}"},
    {"mce", "Machine Check Exception: "},
    {"mce", "Machine check events logged"},
    {"mce", "Machine check poll done on CPU {cpu:d}"},
    {"mce", "Machine check exception polling timer"},
    {"mce", "[Hardware Error]: Machine check: "},
    {"mce", "TSC {mce.tsc:x} ADDR {mce.address:a}", detail},
    {"mce", "PROCESSOR {mce.processor:w} TIME {mce.time:d} SOCKET {mce.socket:d} APIC {mce.apic:x}", detail},
    {"mce", "Kernel panic - not syncing: Machine check", closes},
    {"mce", "Kernel panic - not syncing: Fatal machine check", closes},
    {"mce", "Kernel panic - not syncing: Fatal Machine check", closes},
    {"mce", "Kernel panic - not syncing: Fatal local machine check", closes},
    {"netdev_watchdog", "NETDEV WATCHDOG: {device:t} ({driver:t}): transmit queue {netdev.queue:d} timed out", refines},
    {"netdev_watchdog", "NETDEV WATCHDOG: {device:t}: transmit timed out", refines},
    {"netdev_watchdog", "NETDEV WATCHDOG: {device:t}", refines},
    {"irq_nobody_cared", "irq {irq:d}: nobody cared"},
    {"netdev_leak", "unregister_netdevice: waiting for {device:t} to become free. Usage count = {netdev.count:d}"},

    // Memory
    {"oom", "{task.comm:t} invoked oom-killer: gfp_mask={gfp_mask:x}{*}order={order:d}"},
    {"oom", "{task.comm:t} invoked oom-killer"},
    {"oom", "oom-killer: gfp_mask={gfp_mask:x}"},
    {"oom", "Memory cgroup out of memory: Kill process {oom.pid:d} ({oom.victim:l}) score {oom.score:d}", joins},
    {"oom", "Memory cgroup out of memory: Killed process {oom.pid:d} ({oom.victim:l}) total-vm:{oom.total_kb:d}kB", joins},
    {"oom", "Out of memory: Kill process {oom.pid:d} ({oom.victim:l}) score {oom.score:d}", joins},
    {"oom", "Out of memory: Killed process {oom.pid:d} ({oom.victim:l}) total-vm:{oom.total_kb:d}kB, anon-rss:{oom.rss_kb:d}kB", joins},
    {"oom", "Out of memory: Killed process {oom.pid:d}, UID {oom.uid:d}, ({oom.victim:l}).", joins},
    {"oom", "Out of memory: Killed process {oom.pid:d} ({oom.victim:l})", joins},
    {"oom", "Out of Memory: Killed process {oom.pid:d} ({oom.victim:l})", joins},
    {"oom", "Killed process {oom.pid:d}, UID {oom.uid:d}, ({oom.victim:l}) total-vm:{oom.total_kb:d}kB, anon-rss:{oom.rss_kb:d}kB", joins},
    {"oom", "Killed process {oom.pid:d} ({oom.victim:l}), UID {oom.uid:d}, total-vm:{oom.total_kb:d}kB, anon-rss:{oom.rss_kb:d}kB", joins},
    {"oom", "Killed process {oom.pid:d} ({oom.victim:l}) total-vm:{oom.total_kb:d}kB, anon-rss:{oom.rss_kb:d}kB", joins},
    {"oom", "Killed process {oom.pid:d} ({oom.victim:l})", joins},
    {"oom", "Task in {oom.cgroup:t} killed as a result of limit of {oom.limit_cgroup:w}", detail},
    {"oom", "memory: usage {oom.usage_kb:d}kB, limit {oom.limit_kb:d}kB", detail},
    {"oom", "Kernel panic - not syncing: Out of memory{*}", closes},
    {"oom", "Kernel panic - not syncing: out of memory{*}", closes},
    {"page_alloc_failure", "{task.comm:t}: page allocation failure: order:{order:d}, mode:{mode:x}"},
    {"page_alloc_failure", "{task.comm:t}: page allocation failure. order:{order:d}, mode:{mode:x}"},
    {"page_alloc_failure", "page allocation failure"},

    // Faults. User-space ones ("traps: x[1] ...", "x[1]: segfault at") are taken before this table is asked.
    {"double_fault", "PANIC: double fault, error_code: {fault.error:x}"},
    {"double_fault", "PANIC: double fault"},
    {"double_fault", "double fault: {fault.error:x} [#{oops.number:d}]", joins},
    {"double_fault", "double fault: {fault.error:x} [{oops.number:d}]", joins},
    {"double_fault", "double fault, gdt at"},
    {"null_deref", "NULL pointer dereference at virtual address {fault.address:a}"},
    {"null_deref", "NULL pointer dereference, address: {fault.address:a}"},
    {"null_deref", "NULL pointer dereference on {*}at {fault.address:a}"},
    {"null_deref", "NULL pointer dereference at {fault.address:a}"},
    {"null_deref", "NULL pointer dereference in virtual kernel address space"},
    {"null_deref", "kernel NULL pointer at {fault.address:a}"},
    {"null_deref", "kernel NULL pointer dereference"},
    {"null_deref", "Kernel NULL pointer dereference"},
    {"paging_request", "kernel paging request at virtual address {fault.address:a}"},
    {"paging_request", "kernel access to user memory outside uaccess routines at virtual address {fault.address:a}"},
    {"paging_request", "kernel execution of user memory at virtual address {fault.address:a}"},
    {"paging_request", "kernel write to read-only memory at virtual address {fault.address:a}"},
    {"paging_request", "kernel execute from non-executable memory at virtual address {fault.address:a}"},
    {"paging_request", "kernel paging request for data at address {fault.address:a}"},
    {"paging_request", "kernel paging request for instruction fetch"},
    {"paging_request", "kernel paging request for unaligned access at address {fault.address:a}"},
    {"paging_request", "kernel paging request at {fault.address:a}"},
    {"paging_request", "kernel paging request"},
    {"paging_request", "unable to handle page fault for address: {fault.address:a}"},
    {"paging_request", "nable to handle kernel pointer dereference in virtual kernel address space"},
    {"paging_request", "nable to handle kernel pointer dereference at virtual kernel address {fault.address:a}"},
    {"paging_request", "nable to handle kernel access at virtual address {fault.address:a}"},
    {"paging_request", "nable to handle kernel data access {*}at {fault.address:a}"},
    {"paging_request", "nable to handle kernel data access at {fault.address:a}"},
    {"paging_request", "nable to handle kernel access"},
    {"paging_request", "Failing address: {fault.address:a}", detail},
    {"paging_request", "nable to handle kernel"},
    {"gpf", "general protection fault, probably for non-canonical address {fault.address:a}: {fault.error:x} [#{oops.number:d}]"},
    {"gpf", "general protection fault, maybe for address {fault.address:a}: {fault.error:x} [#{oops.number:d}]"},
    {"gpf", "general protection fault: {fault.error:x} [#{oops.number:d}]"},
    {"gpf", "general protection fault: {fault.error:x} [{oops.number:d}]"},
    {"gpf", "^general protection fault"},
    {"gpf", "Oops: general protection fault"},
    {"divide_error", "divide error: {fault.error:x} [#{oops.number:d}]"},
    {"divide_error", "divide error: {fault.error:x} [{oops.number:d}]"},
    {"divide_error", "divide_error: {fault.error:x} [#{oops.number:d}]"},
    {"divide_error", "Oops: divide error: {fault.error:x} [#{oops.number:d}]"},
    {"stack_segment", "stack segment: {fault.error:x} [#{oops.number:d}]"},
    {"stack_segment", "stack segment: {fault.error:x} [{oops.number:d}]"},
    {"bug", "ernel BUG at {file:t}:{line:d}"},
    {"bug", "ernel BUG in {*} at {file:t}:{line:d}"},
    {"bug", "^kernel BUG "},
    {"invalid_opcode", "invalid opcode: {fault.error:x} [#{oops.number:d}]", joins},
    {"invalid_opcode", "invalid opcode: {fault.error:x} [{oops.number:d}]", joins},
    {"invalid_opcode", "invalid operand: {fault.error:x} [#{oops.number:d}]", joins},
    {"invalid_opcode", "invalid operand: {fault.error:x} [{oops.number:d}]", joins},
    {"stack_overflow", "stack guard page: {fault.error:x} [#{oops.number:d}]", joins},
    {"gpf", "int3: {fault.error:x} [#{oops.number:d}]", joins},
    {"oops", "Internal error: {oops.what:t}: {fault.error:x} [#{oops.number:d}]", joins},
    {"oops", "Internal error: {oops.what:t} [#{oops.number:d}]", joins},
    {"oops", "Oops: {fault.error:x} [#{oops.number:d}]", joins},
    {"oops", "Oops: {fault.error:x} [{oops.number:d}]", joins},
    {"oops", "Oops: {oops.what:t}, sig: {oops.signal:d} [#{oops.number:d}]", joins},
    {"oops", "Oops: {oops.what:t} [#{oops.number:d}]", joins},
    {"oops", "^Oops: ", joins},
    {"oops", "^Oops [#{oops.number:d}]", joins},
    {"oops", "Unhandled fault: {oops.what:t} at {fault.address:a}"},
    {"oops", "Unhandled fault: {oops.what:t}"},
    {"oops", "Unhandled prefetch abort: {oops.what:t}"},
    {"oops", "Alignment trap: not handling instruction"},
    {"oops", "Bad mode in {oops.what:t} handler"},
    {"oops", "Unhandled kernel unaligned access"},
    {"oops", "{oops.what:t} exception: {fault.error:x} ilc:{*} [#{oops.number:d}]"},
    {"oops", "specification exception: {fault.error:x} [#{oops.number:d}]"},
    {"oops", "addressing exception: {fault.error:x} [#{oops.number:d}]"},
    {"oops", "operation exception: {fault.error:x} [#{oops.number:d}]"},
    {"bug", "illegal operation: {fault.error:x} {*}[#{oops.number:d}]", joins},

    // Warnings
    {"warning", "WARNING: CPU: {cpu:d} PID: {task.pid:d} at {file:t}:{line:d} {function:s}"},
    {"warning", "WARNING: CPU: {cpu:d} PID: {task.pid:d} at {file:t}:{line:d}"},
    {"warning", "WARNING: CPU: {cpu:d} PID: {task.pid:d}"},
    {"warning", "WARNING: {file:t}:{line:d} at {function:s}, CPU#{cpu:d}: {task.comm:l}/{task.pid:d}"},
    {"warning", "WARNING: {file:t}:{line:d} at {*}, CPU#{cpu:d}: {task.comm:l}/{task.pid:d}"},
    {"warning", "WARNING: at {file:t}:{line:d} {function:s}"},
    {"warning", "WARNING: at {file:t}:{line:d}"},
    {"warning", "WARNING: at{file:t}:{line:d} {function:s}"},
    {"warning", "WARNING: CPU: {cpu:d} PID: {*} at {file:t}:{line:d} {function:s}"},
    {"warning", "WARNING: CPU: {cpu:d} "},
    {"warning", "^{file:t}.c:{line:d} {function:s}"},  // a first line that lost its front
    {"warning", "BUG: warning at {file:t}:{line:d}/{warning.function:t}()"},
    {"warning", "Badness in {warning.function:t} at {file:t}:{line:d}"},
    {"warning", "Badness at {file:t}:{line:d}"},
    {"warning", "WARNING: kernel stack regs at "},
    {"warning", "WARNING: kernel stack frame pointer at "},
    {"warning", "WARNING: stack recursion on stack type"},
    {"warning", "WARNING: can't access registers at"},
    {"warning", "WARNING: stack going in the wrong direction"},
    {"warning", "sysctl table check failed: {warning.what:t}"},

    // Panics, then what is left of BUG
    {"hard_lockup", "Kernel panic - not syncing: Watchdog detected hard LOCKUP on cpu {cpu:d}"},
    {"hard_lockup", "Kernel panic - not syncing: Hard LOCKUP", closes},
    {"panic", "Kernel panic - not syncing: {panic.reason:t}", closes},
    {"panic", "Kernel panic: {panic.reason:t}", closes},
    {"bug", "^BUG: "},
    {"bug", ": BUG: "},
};

}  // namespace

std::span<const KindRow> kind_rows() { return rows; }

struct KindTable::Data {
  std::vector<Shape> shapes;
  LiteralSet anchors;  // of the shapes: ids are rows
};

KindTable::KindTable() : data_(std::make_unique<Data>()) {
  for (const auto& row : rows) data_->anchors.add(data_->shapes.emplace_back(row.shape).anchor());
  data_->anchors.build();
}

KindTable::~KindTable() = default;

const KindRow* KindTable::find(std::string_view text, std::string_view open, std::vector<Capture>& captures) const {
  if (!data_->anchors.any(text)) return nullptr;
  std::vector<std::uint32_t> hits;
  data_->anchors.ids(text, hits);
  for (const auto id : hits) {
    const KindRow& row = rows[id];
    if (row.role == Role::detail && row.kind != open) continue;
    if (data_->shapes[id].match(text, captures)) return &row;
  }
  return nullptr;
}

const KindTable& KindTable::instance() {
  static const KindTable table;
  return table;
}

}  // namespace diag::kernel
