#!/usr/bin/env bash
# Runs build.ps1 in PowerShell 7.4 or later: the pwsh on the PATH, otherwise the .NET tool of this repository.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

task="$(printf '%s' "${1:-build}" | tr '[:upper:]' '[:lower:]')"
shift $(($# > 0))
case "$task" in
    build | test | demo | docs | bench | soak | floor | fuzz | mutate | package | clean) ;;
    *)
        echo "Usage: build.sh [build|test|demo|docs|bench|soak|floor|fuzz|mutate|package|clean] [options]" >&2
        exit 64
        ;;
esac

options=()
for option in "$@"; do
    case "$task $option" in
        "test --filter") options+=(-Filter) ;;
        "test --fast") options+=(-Fast) ;;
        "test --pester-version") options+=(-PesterVersion) ;;
        *) options+=("$option") ;;
    esac
done

if ! command -v dotnet >/dev/null; then
    echo "The .NET 10 SDK (dotnet) was not found on the PATH." >&2
    exit 1
fi

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 POWERSHELL_TELEMETRY_OPTOUT=1 POWERSHELL_UPDATECHECK=Off

# Prints the folder of a PowerShell if its version is 7.4 or later.
home_of() {
    # shellcheck disable=SC2016
    "$@" -NoProfile -NonInteractive -Command 'if ($PSVersionTable.PSVersion -ge [version] "7.4") { $PSHOME }' 2>/dev/null </dev/null
}

# A package registry that does not respond must not block the build.
restore_tool() {
    local bound=()
    if command -v timeout >/dev/null; then
        bound=(timeout 120)
    fi

    ${bound[@]+"${bound[@]}"} dotnet tool restore >/dev/null 2>&1 </dev/null
}

if command -v pwsh >/dev/null && [ -n "$(home_of pwsh)" ]; then
    command=(pwsh)
elif restore_tool && folder="$(home_of dotnet tool run pwsh --)" && [ -n "$folder" ]; then
    command=(dotnet "$folder/pwsh.dll")
else
    echo "PowerShell 7.4 or later (pwsh) was not found on the PATH, and 'dotnet tool restore' could not download it." >&2
    exit 1
fi

exec "${command[@]}" -NoProfile -NonInteractive -File build.ps1 "$task" ${options[@]+"${options[@]}"}
