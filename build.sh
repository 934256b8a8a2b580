#!/usr/bin/env bash
# Runs build.ps1 in pwsh or, where there is none, in tools/EngineHost; the .NET SDK is all it needs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

task="$(printf '%s' "${1:-build}" | tr '[:upper:]' '[:lower:]')"
shift $(($# > 0))
case "$task" in
    build | test | demo | docs | bench | soak | fuzz | package | clean) ;;
    *)
        echo "Usage: build.sh [build|test|demo|docs|bench|soak|fuzz|package|clean] [options]" >&2
        exit 64
        ;;
esac

if ! command -v dotnet >/dev/null; then
    echo "The .NET 10 SDK is needed, and there is no dotnet here." >&2
    exit 1
fi

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 POWERSHELL_TELEMETRY_OPTOUT=1 POWERSHELL_UPDATECHECK=Off

is_recent() {
    # shellcheck disable=SC2016
    "$@" -NoProfile -NonInteractive -Command 'exit [int]($PSVersionTable.PSVersion -lt [version]"7.4")' >/dev/null 2>&1 </dev/null
}

# A registry without the package, or none at all, must not cost more than this.
restore_tool() {
    local bound=()
    if command -v timeout >/dev/null; then
        bound=(timeout 30)
    fi

    ${bound[@]+"${bound[@]}"} dotnet tool restore >/dev/null 2>&1 </dev/null
}

if command -v pwsh >/dev/null && is_recent pwsh; then
    exec pwsh -NoProfile -NonInteractive -File build.ps1 "$task" "$@"
elif restore_tool && is_recent dotnet tool run pwsh --; then
    exec dotnet tool run pwsh -- -NoProfile -NonInteractive -File build.ps1 "$task" "$@"
fi

echo "No PowerShell 7.4 or later (pwsh) is here, and its .NET tool cannot be restored: build.ps1 runs in tools/EngineHost."
exec dotnet run --project tools/EngineHost --configuration Release -- build.ps1 "$task" "$@"
