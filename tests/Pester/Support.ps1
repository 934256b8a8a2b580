# What the test files share; each dot-sources it in BeforeAll.
$root = [IO.Path]::GetFullPath("$PSScriptRoot/../..")
$moduleFolder = "$root/output/Chuizi.Video"
$examples = "$root/examples"

# A key, address or ledger of the machine's user must not reach the tests.
$env:CHUIZI_API_KEY = $null
$env:CHUIZI_BASE_URL = $null
$env:CHUIZI_LEDGER = $null

Import-Module $moduleFolder -Force

# Runs a command text in a fresh pwsh; the output lines, both streams together, and the exit code.
function Invoke-Pwsh([string] $Command) {
    $pwsh = [Environment]::ProcessPath
    $before = [IO.Path]::GetFileNameWithoutExtension($pwsh) -eq 'dotnet' ? @("$PSHOME/pwsh.dll") : @()
    $lines = & $pwsh @before -NoProfile -NonInteractive -Command "`$PSStyle.OutputRendering = 'PlainText'; $Command" 2>&1
    [pscustomobject]@{ Lines = @($lines | ForEach-Object { "$_" }); Code = $LASTEXITCODE }
}
