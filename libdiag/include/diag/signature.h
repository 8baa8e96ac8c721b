// Signatures: TOML files that say which events mean what. docs/writing-signatures.md is their manual.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "diag/facts.h"
#include "diag/finding.h"
#include "diag/result.h"

namespace diag {

// A mistake in a signature or case file, in the form of a compiler's message.
struct Mistake {
  std::string file;
  std::uint32_t line = 0, column = 0;  // 1-based; 0: the whole file
  std::string message;                 // "unknown key 'titel'; did you mean 'title'?"
};
std::string to_string(const Mistake& m);  // "a.toml:2:1: unknown key ..."

struct Signature;  // the parsed file: libdiag/signature/signature_file.h

// Loaded signatures. Patterns are compiled at first use, so loading 400 files is a matter of milliseconds. Movable; safe to
// use from several threads once loaded.
class SignatureSet {
 public:
  SignatureSet();
  ~SignatureSet();
  SignatureSet(SignatureSet&&) noexcept;
  SignatureSet& operator=(SignatureSet&&) noexcept;

  // Every *.toml below `folder`; the id is the path with dots. Wrong files are left out and stated in mistakes().
  // Fails only if the folder cannot be read.
  static Result<SignatureSet> load(const std::string& folder);

  // One file's text. False if it had a mistake (see mistakes()).
  bool add(std::string_view toml, const std::string& file, const std::string& id);

  const std::vector<Mistake>& mistakes() const;
  std::size_t size() const;
  std::vector<std::string> ids() const;  // sorted
  const Signature* find(std::string_view id) const;

  // Keeps the signatures whose id or code matches a glob of `only` (empty: all) and none of `skip`. '*' crosses dots.
  void select(const std::vector<std::string>& only, const std::vector<std::string>& skip);

  // Whether any signature reads log.message events whose text could be this. A parser makes such events only for these lines.
  bool wants_message(std::string_view text) const;

  // Every finding the facts support, worst and surest first. Never fails: what is unknown is said in not_checked.
  std::vector<Finding> match(const Facts& facts) const;

  struct Data;                                  // libdiag/signature/signature_store.h: the inside, for `sigcheck` and the
  const Data& data() const { return *data_; }   // runner of cases

 private:
  std::unique_ptr<Data> data_;
};

}  // namespace diag
