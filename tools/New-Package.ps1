<#
.SYNOPSIS
Makes the package of the built module: its folder, and the .nupkg in the layout of the PowerShell Gallery. Called by build.ps1.

.DESCRIPTION
What was built and tested is packed, not built again. The manifest gets the release notes of its version from CHANGELOG.md, or the unreleased ones. The same module at the same commit gives the same package, byte for byte.
Runs in the bare engine, with the .NET SDK alone.
#>
[CmdletBinding()]
param(
    # The folder of the built module.
    [Parameter(Mandatory)]
    [string] $Module,

    [Parameter(Mandatory)]
    [string] $Destination
)

$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $false
$root = [IO.Path]::GetFullPath("$PSScriptRoot/..")
$name = 'Chuizi.Video'
$folder = [IO.Path]::GetFullPath("$Destination/$name")

function Read-Manifest([string] $Path) {
    $script = [Management.Automation.Language.Parser]::ParseFile($Path, [ref] $null, [ref] $null)
    $script.Find({ $args[0] -is [Management.Automation.Language.HashtableAst] }, $false).SafeGetValue()
}

# The text under the heading of the version, else of what is unreleased.
function Get-ReleaseNote([string] $Version) {
    $sections = [IO.File]::ReadAllText("$root/CHANGELOG.md").Replace("`r", '') -split '(?m)^## '
    foreach ($heading in "[$Version]", '[Unreleased]') {
        foreach ($section in $sections.Where({ $_.StartsWith($heading) })) {
            return ($section -split "`n", 2)[1].Trim()
        }
    }

    throw "CHANGELOG.md has no section for $Version."
}

# Seconds since 1970 of the commit, which all entries of the package bear; nothing outside a clone.
function Get-CommitTime {
    if ($env:SOURCE_DATE_EPOCH) {
        return $env:SOURCE_DATE_EPOCH
    }

    if (Get-Command git -CommandType Application -TotalCount 1 -ErrorAction Ignore) {
        & git -C $root log -1 --format=%ct 2>$null
    }
}

if ([IO.Directory]::Exists($Destination)) {
    foreach ($package in [IO.Directory]::GetFiles($Destination, "$name.*")) {
        [IO.File]::Delete($package)
    }
}

if ([IO.Directory]::Exists($folder)) {
    [IO.Directory]::Delete($folder, $true)
}

foreach ($file in [IO.Directory]::GetFiles($Module, '*', 'AllDirectories')) {
    # Symbols are for those who build it themselves.
    if (-not $file.EndsWith('.pdb')) {
        $copy = [IO.Path]::Combine($folder, [IO.Path]::GetRelativePath($Module, $file))
        $null = [IO.Directory]::CreateDirectory([IO.Path]::GetDirectoryName($copy))
        [IO.File]::Copy($file, $copy)
    }
}

$path = "$folder/$name.psd1"
$manifest = Read-Manifest $path
$notes = Get-ReleaseNote $manifest.ModuleVersion
$line = [regex] "(?m)^(\s*ReleaseNotes\s*=\s*)'[^']*'"
$text = [IO.File]::ReadAllText($path)
if ($line.Matches($text).Count -ne 1) {
    throw 'The manifest has to have its ReleaseNotes in one line.'
}

$quoted = [Management.Automation.Language.CodeGeneration]::EscapeSingleQuotedStringContent($notes)
[IO.File]::WriteAllText($path, $line.Replace($text, { param($match) "$($match.Groups[1])'$quoted'" }))
$null = Test-ModuleManifest $path -WarningVariable warnings -WarningAction SilentlyContinue
if ($warnings) {
    throw "Test-ModuleManifest: $($warnings -join '; ')"
}

# The tags by which the Gallery finds modules and their commands.
$facts = $manifest.PrivateData.PSData
$tags = @('PSModule', 'PSIncludes_Cmdlet') + $manifest.CmdletsToExport.ForEach({ "PSCmdlet_$_", "PSCommand_$_" }) + $facts.Tags
$nuspec = [xml] @'
<package xmlns="http://schemas.microsoft.com/packaging/2011/08/nuspec.xsd">
  <metadata><requireLicenseAcceptance>false</requireLicenseAcceptance></metadata>
</package>
'@
$data = [ordered] @{
    id           = $name
    version      = $manifest.ModuleVersion
    authors      = $manifest.Author
    owners       = $manifest.CompanyName
    licenseUrl   = $facts.LicenseUri
    projectUrl   = $facts.ProjectUri
    iconUrl      = $facts.IconUri
    description  = $manifest.Description
    releaseNotes = $notes
    copyright    = $manifest.Copyright
    tags         = $tags -join ' '
}
foreach ($key in $data.Keys) {
    $node = $nuspec.package['metadata'].AppendChild($nuspec.CreateElement($key, $nuspec.package.NamespaceURI))
    $node.InnerText = $data[$key]
}

$files = $nuspec.package.AppendChild($nuspec.CreateElement('files', $nuspec.package.NamespaceURI))
$node = $files.AppendChild($nuspec.CreateElement('file', $nuspec.package.NamespaceURI))
$node.SetAttribute('src', "$name/**")
$node.SetAttribute('target', '')
$nuspecFile = [IO.Path]::GetFullPath("$Destination/$name.nuspec")
$nuspec.Save($nuspecFile)

& dotnet pack "$root/src/$name" --configuration Release --no-build --nologo --verbosity quiet --output $Destination `
    "-p:NuspecFile=$nuspecFile" "-p:NuspecBasePath=$([IO.Path]::GetFullPath($Destination))" "-p:DeterministicTimestamp=$(Get-CommitTime)"
if ($LASTEXITCODE -ne 0) {
    throw "dotnet pack ended with exit code $LASTEXITCODE."
}

[IO.File]::Delete($nuspecFile)
Write-Host "The package is $Destination/$name.$($manifest.ModuleVersion).nupkg, and its files are in $folder"
