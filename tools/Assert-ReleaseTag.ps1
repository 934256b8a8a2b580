#Requires -Version 7.4

<#
.SYNOPSIS
Checks that a release tag matches the manifest and the changelog.

.DESCRIPTION
The tag must be 'v' followed by the ModuleVersion in Chuizi.Video.psd1, and CHANGELOG.md must have a section for that version. The release
workflow calls this script before it tests or publishes anything.

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

"The tag $Tag matches the manifest and the changelog."
