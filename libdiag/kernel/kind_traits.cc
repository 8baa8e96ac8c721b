#include "kernel/kind_traits.h"

#include <algorithm>

namespace diag::kernel {

namespace {

constexpr KindTraits table[] = {
    {.kind = "null_deref", .fault = true},
    {.kind = "paging_request", .fault = true},
    {.kind = "gpf", .fault = true},
    {.kind = "divide_error", .fault = true},
    {.kind = "stack_segment", .fault = true},
    {.kind = "double_fault", .fault = true},
    {.kind = "stack_overflow", .fault = true},
    {.kind = "invalid_opcode", .fault = true, .general = true},
    {.kind = "bug", .fault = true, .general = true},
    {.kind = "oops", .fault = true, .general = true},
    {.kind = "panic", .general = true},
    {.kind = "warning", .general = true},
    {.kind = "list_corruption", .fault = true, .sentence = true},
    {.kind = "usercopy", .fault = true, .sentence = true},
    {.kind = "stack_protector", .sentence = true},
    {.kind = "netdev_watchdog", .sentence = true, .one_line = true},
    {.kind = "lbug", .fault = true, .sentence = true},
    {.kind = "zfs_panic", .fault = true, .sentence = true},
    {.kind = "lockdep", .before = 300, .after = 300},
    {.kind = "rcu_stall", .before = 60, .after = 60},
    {.kind = "hung_task", .before = 8, .after = 8},
    {.kind = "soft_lockup", .before = 20, .after = 20},
    {.kind = "hard_lockup", .before = 20, .after = 20},
    {.kind = "workqueue_lockup", .before = 60, .one_line = true},
    {.kind = "oom", .before = 4000, .after = 4000, .one_line = true},
    {.kind = "page_alloc_failure", .before = 100, .after = 100, .one_line = true},
    {.kind = "kasan", .before = 40, .after = 40},
    {.kind = "kmsan", .before = 40, .after = 40},
    {.kind = "kcsan", .before = 40, .after = 40},
    {.kind = "kfence", .before = 40, .after = 40},
    {.kind = "mem_leak", .before = 40, .after = 6},
    {.kind = "slab_corruption", .before = 40, .after = 40, .one_line = true},
    {.kind = "mce", .before = 6, .one_line = true},
    {.kind = "fs_error", .before = 4, .one_line = true},
    {.kind = "irq_nobody_cared", .before = 6, .one_line = true},
    {.kind = "netdev_leak", .before = 2, .one_line = true},
    {.kind = "atomic_sleep", .before = 20},
};

struct FileKind {
  std::string_view file, function, kind;  // function empty: any
};

constexpr FileKind files[] = {
    {"lib/list_debug.c", "", "list_corruption"},
    {"mm/usercopy.c", "", "usercopy"},
    {"net/sched/sch_generic.c", "dev_watchdog", "netdev_watchdog"},
    {"kernel/lockdep.c", "", "lockdep"},
    {"kernel/locking/lockdep.c", "", "lockdep"},
};

}  // namespace

const KindTraits& traits_of(std::string_view kind) {
  static constexpr KindTraits ordinary{};
  const auto at = std::ranges::find(table, kind, &KindTraits::kind);
  return at == std::end(table) ? ordinary : *at;
}

std::string_view kind_of_file(std::string_view file, std::string_view function) {
  for (const auto& row : files) {
    if (file.ends_with(row.file) && (row.function.empty() || row.function == function)) return row.kind;
  }
  return {};
}

}  // namespace diag::kernel
