<#
.SYNOPSIS
Checks PowerShell scripts with PSScriptAnalyzer, if it is installed.

.PARAMETER Path
The files and folders to check.

.PARAMETER Settings
A settings file for PSScriptAnalyzer. If omitted, all rules of severity Error or Warning apply.

.EXAMPLE
./tools/Invoke-ScriptAnalysis.ps1 -Path build.ps1, tools, examples -Settings tools/ScriptAnalyzerSettings.psd1
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)]
    [string[]] $Path,

    [string] $Settings
)

$ErrorActionPreference = 'Stop'

if (-not (Get-Module PSScriptAnalyzer -ListAvailable)) {
    Write-Host 'PSScriptAnalyzer was not run: the module is not installed.'
    exit 0
}

$rules = $Settings ? @{ Settings = $Settings } : @{ Severity = 'Error', 'Warning' }
$findings = @($Path | ForEach-Object { Invoke-ScriptAnalyzer -Path $_ -Recurse @rules })
foreach ($finding in $findings) {
    Write-Host "$($finding.ScriptName):$($finding.Line): $($finding.RuleName): $($finding.Message)"
}

Write-Host "PSScriptAnalyzer found $($findings.Count) problems in $($Path -join ', ')"
exit ($findings.Count -gt 0 ? 1 : 0)
