#Requires -Version 7.4

<#
.SYNOPSIS
Checks that a release tag fits the manifest and the changelog.

.DESCRIPTION
The tag of a release is 'v' and the ModuleVersion of Chuizi.Video.psd1, and CHANGELOG.md has a section for that version. Anything else is an
error, before anything is tested or published. Called by the release workflow.

.PARAMETER Tag
The name of the tag, such as v0.1.0.

.EXAMPLE
./tools/Assert-ReleaseTag.ps1 -Tag v0.1.0
#>
[CmdletBinding()]
[OutputType([string])]
param(
    [Parameter(Mandatory)]
    [string] $Tag
)

$ErrorActionPreference = 'Stop'
$root = Split-Path $PSScriptRoot

$version = (Import-PowerShellDataFile -LiteralPath "$root/Chuizi.Video.psd1").ModuleVersion
if ($Tag -cne "v$version") {
    throw "The tag is '$Tag', but the ModuleVersion in Chuizi.Video.psd1 is $version. Expected the tag 'v$version'."
}

$heading = "^## \[$([regex]::Escape($version))\] - \d{4}-\d{2}-\d{2}$"
if (-not (Select-String -LiteralPath "$root/CHANGELOG.md" -Pattern $heading -Quiet)) {
    throw "CHANGELOG.md has no section for $version. Expected the heading '## [$version] - <yyyy-mm-dd>'."
}

"The tag $Tag fits the manifest and the changelog."
