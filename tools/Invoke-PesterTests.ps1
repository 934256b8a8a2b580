<#
.SYNOPSIS
Runs the Pester tests in this pwsh and writes the counts to a file. Called by build.ps1.

.DESCRIPTION
The file's first line is "passed failed skipped", or says why nothing was run; each further line is a skipped test.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)]
    [string] $Path,

    [Parameter(Mandatory)]
    [string] $Result
)

$ErrorActionPreference = 'Stop'

$pester = Get-Module Pester -ListAvailable | Where-Object Version -GE '5.0' | Sort-Object Version -Descending | Select-Object -First 1
if (-not $pester) {
    Set-Content -LiteralPath $Result 'the module Pester 5 or later is not installed.'
    exit 0
}

Import-Module $pester
$configuration = New-PesterConfiguration
$configuration.Run.Path = $Path
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'Normal'
$run = Invoke-Pester -Configuration $configuration

# A file that cannot be read, or a set-up that throws, fails no test of its own.
$failed = $run.FailedCount + $run.FailedBlocksCount + $run.FailedContainersCount
$skipped = $run.SkippedCount + $run.InconclusiveCount + $run.NotRunCount
$notes = foreach ($test in @($run.Skipped) + @($run.Inconclusive) + @($run.NotRun)) {
    if ($test) {
        '{0}: {1}' -f $test.ExpandedPath, ($test.ErrorRecord.Exception.Message -join ' ')
    }
}

Set-Content -LiteralPath $Result @("$($run.PassedCount) $failed $skipped"; $notes)
exit ($failed -gt 0 -or $run.PassedCount -eq 0 ? 1 : 0)
