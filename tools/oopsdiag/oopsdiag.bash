# bash completion for oopsdiag
_oopsdiag() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
  local options='--all --color --explain --fail-on --format --help --list-signatures --only --signatures --skip --version'
  if [[ $current == = ]]; then
    current=
  elif [[ $previous == = ]]; then
    previous=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  case $previous in
    --format) mapfile -t COMPREPLY < <(compgen -W 'text json jsonl' -- "$current") ;;
    --fail-on) mapfile -t COMPREPLY < <(compgen -W 'info warning critical never' -- "$current") ;;
    --color) mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$current") ;;
    --signatures) mapfile -t COMPREPLY < <(compgen -W none -- "$current"; compgen -d -- "$current") ;;
    --explain | --only | --skip)
      mapfile -t COMPREPLY < <(compgen -W "$("${COMP_WORDS[0]}" --list-signatures 2>/dev/null | awk '{print $2}')" -- "$current")
      ;;
    *)
      if [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current")
      else
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
      fi
      ;;
  esac
}
complete -o filenames -F _oopsdiag oopsdiag
