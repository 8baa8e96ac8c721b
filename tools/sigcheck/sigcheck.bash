# bash completion for sigcheck
_sigcheck() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command=
  local word options='--help'
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    if [[ $word != -* ]]; then
      command=$word
      break
    fi
  done
  if [[ $current == = ]]; then
    current=
  elif [[ $previous == = ]]; then
    previous=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  if [[ -z $command ]]; then
    mapfile -t COMPREPLY < <(compgen -W 'lint try new cases show overlap coverage events --help --version' -- "$current")
    return
  fi
  case $previous in
    --signatures)
      mapfile -t COMPREPLY < <(compgen -d -- "$current")
      return
      ;;
    --from)
      mapfile -t COMPREPLY < <(compgen -f -- "$current")
      return
      ;;
    --line) return ;;
  esac
  case $command in
    lint | show | overlap | coverage) options='--help --signatures' ;;
    new) options='--from --help --line --signatures' ;;
    cases) options='--help --signatures --update' ;;
  esac
  if [[ $current == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current")
  elif [[ $command == lint || $command == try ]]; then
    mapfile -t COMPREPLY < <(compgen -f -- "$current")
  fi
}
complete -o filenames -F _sigcheck sigcheck
