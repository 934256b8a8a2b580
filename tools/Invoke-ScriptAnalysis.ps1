<#
.SYNOPSIS
Looks at the PowerShell of a folder with PSScriptAnalyzer, or says that it is not installed. Called by build.ps1.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)]
    [string] $Path
)

$ErrorActionPreference = 'Stop'

if (-not (Get-Module PSScriptAnalyzer -ListAvailable)) {
    Write-Host 'PSScriptAnalyzer was not run: the module is not installed.'
    exit 0
}

$findings = @(Invoke-ScriptAnalyzer -Path $Path -Recurse -Severity Error, Warning)
foreach ($finding in $findings) {
    Write-Host "$($finding.ScriptName):$($finding.Line): $($finding.RuleName): $($finding.Message)"
}

Write-Host "PSScriptAnalyzer found $($findings.Count) faults in $Path"
exit ($findings.Count -gt 0 ? 1 : 0)
