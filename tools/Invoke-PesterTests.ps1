<#
.SYNOPSIS
Runs Pester tests in this PowerShell and writes the results to a JSON file. Called by build.ps1.

.DESCRIPTION
Restoring tests/Pester/Pester.csproj downloads Pester as a NuGet package. The script imports it from the NuGet package folder.
#>
[CmdletBinding()]
param(
    # The files or folders to run, separated by commas.
    [Parameter(Mandatory)]
    [string] $Path,

    # The JSON file for the results: Passed, Failed, Skipped, and Notes with the names of the skipped tests.
    [Parameter(Mandatory)]
    [string] $Result,

    # The version of Pester. The default is the one in tests/Pester/Pester.csproj.
    [string] $PesterVersion
)

$ErrorActionPreference = 'Stop'

function Get-PesterManifest {
    $project = Join-Path $PSScriptRoot .. tests Pester Pester.csproj
    $version = @(if ($PesterVersion) { "-p:PesterVersion=$PesterVersion" })
    $output = dotnet restore $project @version
    if ($LASTEXITCODE -ne 0) {
        throw "Pester could not be downloaded: $output"
    }

    $found = (dotnet msbuild $project @version -getProperty:PesterVersion -getProperty:NuGetPackageRoot | ConvertFrom-Json).Properties
    Join-Path $found.NuGetPackageRoot pester $found.PesterVersion tools Pester.psd1
}

Import-Module (Get-PesterManifest)
Write-Host "Pester $((Get-Module Pester).Version) in PowerShell $($PSVersionTable.PSVersion)"
$configuration = New-PesterConfiguration
$configuration.Run.Path = $Path.Split(',')
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'Normal'
$run = Invoke-Pester -Configuration $configuration

$notes = foreach ($test in @($run.Skipped) + @($run.Inconclusive) + @($run.NotRun) | Where-Object { $_ }) {
    '{0}: {1}' -f $test.ExpandedPath, ($test.ErrorRecord.Exception.Message -join ' ')
}
[ordered]@{
    Passed  = $run.PassedCount
    # A file that cannot be parsed, or a setup that throws, is not counted as a failed test, so it is added here.
    Failed  = $run.FailedCount + $run.FailedBlocksCount + $run.FailedContainersCount
    Skipped = $run.SkippedCount + $run.InconclusiveCount + $run.NotRunCount
    Notes   = @($notes)
} | ConvertTo-Json | Set-Content -LiteralPath $Result

exit ($run.Result -eq 'Passed' -and $run.PassedCount -gt 0 ? 0 : 1)
