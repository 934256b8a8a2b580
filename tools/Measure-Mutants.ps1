#Requires -Version 7.4

<#
.SYNOPSIS
Changes the code of the client in thousands of ways, and checks that a test notices each change.

.DESCRIPTION
Runs dotnet-stryker with the tests of tests/Mutation. Each change is a mutant: it is killed if a test fails, and survives otherwise.

Without a folder, it measures the rules about money. The exit code is 1 if a mutant survives there that docs/reliability.md does not list, or
if more than 5 % of a file's mutants survive. For a folder, it is 1 if fewer than 85 % of its mutants are killed.

.PARAMETER Folder
Folders or files of src/Chuizi.Video.Client.

.PARAMETER Destination
The folder for the report.
#>
[CmdletBinding()]
param(
    [string[]] $Folder = @(),
    [Parameter(Mandatory)] [string] $Destination
)

$ErrorActionPreference = 'Stop'
$leastKilled = 85
$mostEquivalent = 5
$moneyRules = @(
    'Budget/RequestWindow.cs', 'Budget/RetryDelay.cs'
    'Ledger/RowKey.cs', 'Ledger/SpentMoney.cs'
    'Submitting/CostEstimate.cs', 'Submitting/CostEstimator.cs', 'Submitting/SubmissionPlan.cs', 'Submitting/SubmissionPlanner.cs'
    'Submitting/SubmissionDecision.cs', 'Submitting/SubmissionTerms.cs'
    'Text/SecretRedactor.cs'
    'Waiting/PollTiming.cs'
)
$root = Split-Path $PSScriptRoot
$client = Join-Path $root src/Chuizi.Video.Client
# The code of a folder is tested by the tests of that folder. The rules about money have tests in several.
$runs = $Folder ? @($Folder | Group-Object { ($_ -split '[\\/]')[0] }) : @([pscustomobject]@{ Name = 'MoneyRules'; Group = $moneyRules })
foreach ($name in $runs.Group) {
    if (-not (Test-Path (Join-Path $client $name))) {
        throw "'$name' is neither a folder nor a file of src/Chuizi.Video.Client."
    }
}

if ($Folder -and ($missing = $runs.Name.Where{ -not (Test-Path (Join-Path $root tests/Client.Tests $_)) })) {
    throw "There are no tests for '$($missing[0])': tests/Client.Tests has no folder of this name."
}

Remove-Item $Destination -Recurse -Force -ErrorAction Ignore
# A loaded machine takes longer than the few seconds that the tool waits for the SDK.
$env:DOTNET_INFO_WAIT_TIME = '120000'
Push-Location (Join-Path $root tests/Mutation)
try {
    dotnet tool restore | Out-Null
    foreach ($run in $runs) {
        $env:MutatedCode = $run.Name
        $patterns = $run.Group | ForEach-Object { (Test-Path (Join-Path $client $_) -PathType Container) ? "$_/**/*.cs" : $_ }
        dotnet stryker --output (Join-Path $Destination $run.Name) @($patterns | ForEach-Object { '--mutate', $_ })
        if ($LASTEXITCODE) {
            throw "dotnet-stryker failed with exit code $LASTEXITCODE."
        }
    }
}
finally {
    Pop-Location
}

# The table of docs/reliability.md: file, code, change, reason.
$listed = Get-Content (Join-Path $root docs/reliability.md) | Where-Object { $_ -match '^\| `[^|]+\.cs` \|' } | ForEach-Object {
    ($_ -split '(?<!\\)\|')[1..3].ForEach{ $_.Trim().Trim('`').Replace('\|', '|') } -join "`n"
}

# The code that a mutant replaces, on one line.
function Get-Original([hashtable] $File, [hashtable] $Mutant) {
    $lines = $File.source -split "`r?`n"
    $start, $end = $Mutant.location.start, $Mutant.location.end
    $code = for ($line = $start.line; $line -le $end.line; $line++) {
        $text = $lines[$line - 1]
        $last = $line -eq $end.line ? [Math]::Min($end.column - 1, $text.Length) : $text.Length
        $first = $line -eq $start.line ? $start.column - 1 : 0
        $text.Substring($first, [Math]::Max(0, $last - $first))
    }
    ($code -join ' ') -replace '\s+', ' '
}

$tested = foreach ($run in $runs) {
    $report = Get-Content (Join-Path $Destination $run.Name reports/mutation-report.json) -Raw | ConvertFrom-Json -AsHashtable
    foreach ($path in $report.files.Keys) {
        $file = $report.files[$path]
        $name = [IO.Path]::GetRelativePath($client, $path).Replace('\', '/')
        foreach ($mutant in $file.mutants | Where-Object { $_.status -ne 'Ignored' }) {
            $original = Get-Original $file $mutant
            $change = ($mutant.replacement -replace '\s+', ' ').Trim()
            [pscustomobject]@{
                File     = $name
                Line     = $mutant.location.start.line
                Status   = $mutant.status
                Original = $original
                Change   = $change
                IsListed = "$name`n$original`n$change" -in $listed
            }
        }
    }
}

$isMoney = -not $Folder
$wrong = $false
$table = foreach ($group in $tested | Where-Object { $_.File -like '*.cs' } | Group-Object File | Sort-Object Name) {
    $count = @{ Killed = 0; Timeout = 0; Survived = 0; NoCoverage = 0; CompileError = 0 }
    $group.Group | ForEach-Object { $count[$_.Status]++ }
    $killed = $count.Killed + $count.Timeout
    $alive = $count.Survived + $count.NoCoverage
    if ($killed + $alive) {
        $score = 100 * $killed / ($killed + $alive)
        $wrong = $wrong -or ($isMoney -and 100 - $score -gt $mostEquivalent)
        [pscustomobject]@{
            File = $group.Name; Mutants = $killed + $alive; Killed = $killed; Survived = $alive; 'Do not compile' = $count.CompileError
            Score = $score.ToString('0.0', [cultureinfo]::InvariantCulture)
        }
    }
}
$table | Format-Table | Out-String -Width 120 | Write-Host

$alive = $tested | Where-Object { $_.Status -in 'Survived', 'NoCoverage' -and -not ($isMoney -and $_.IsListed) }
foreach ($mutant in $alive) {
    $kind = $mutant.Status -eq 'Survived' ? 'survived' : 'not reached'
    Write-Host "$($mutant.File):$($mutant.Line) ${kind}: $($mutant.Original)  =>  $($mutant.Change)"
}

$sum = $table | Measure-Object Killed, Mutants -Sum
$share = $sum[1].Sum ? 100 * $sum[0].Sum / $sum[1].Sum : 0
Write-Host ([string]::Format([cultureinfo]::InvariantCulture, '{0} of {1} mutants killed: {2:0.0} %', $sum[0].Sum, $sum[1].Sum, $share))
if ($isMoney) {
    exit [int] ($wrong -or [bool] $alive)
}

exit [int] ($share -lt $leastKilled)
