// The inside of a SignatureSet, for what works on signatures themselves: `sigcheck`, the lint, the runner of cases.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "diag/signature.h"
#include "signature/draft.h"
#include "signature/matcher.h"
#include "signature/prefilter.h"
#include "signature/signature_file.h"

namespace diag {

struct SignatureSet::Data {
  std::vector<std::unique_ptr<Signature>> signatures;
  std::vector<Mistake> mistakes;

  // False, and a mistake, if the id is taken.
  bool add(std::unique_ptr<Signature> s);
  void forget_prefilter();  // after any change of `signatures`

  const sig::Prefilter& prefilter() const;  // made at first use
  sig::MessagesOf messages(const sig::FactsIndex& facts) const;
  // Every finding that holds, not yet weighed against the others.
  std::vector<sig::Draft> drafts(const sig::FactsIndex& facts) const;

  struct Lazy {
    std::once_flag once;
    std::unique_ptr<sig::Prefilter> prefilter;
  };
  std::unique_ptr<Lazy> lazy = std::make_unique<Lazy>();
};

}  // namespace diag
