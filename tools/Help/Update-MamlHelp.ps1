<#
.SYNOPSIS
Generates the MAML help of the cmdlets from their pages with PlatyPS. Called by build.ps1.

.DESCRIPTION
PlatyPS converts the pages to MAML, but leaves the text as Markdown. This script converts it to text for a terminal: tables become terms
with descriptions, examples have separate code, links to other pages of the module become names, and default values are added. The same
pages result in the same file, byte for byte. If PlatyPS is not installed, nothing is written.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)]
    [string] $Pages,

    [Parameter(Mandatory)]
    [string] $Destination
)

$ErrorActionPreference = 'Stop'
. "$PSScriptRoot/HelpText.ps1"

$platyPS = Get-Module Microsoft.PowerShell.PlatyPS -ListAvailable | Where-Object Version -GE '1.0' | Sort-Object Version -Descending | Select-Object -First 1
if (-not $platyPS) {
    Write-Host 'The MAML help was not generated: the module Microsoft.PowerShell.PlatyPS 1.0 or later is not installed.'
    exit 0
}

Import-Module $platyPS
$files = [IO.Directory]::GetFiles($Pages, '*-*.md')
[array]::Sort($files, [StringComparer]::Ordinal)
$commands = @(Import-MarkdownCommandHelp -Path $files)
$temporary = [IO.Directory]::CreateTempSubdirectory('chuizi-help-')
try {
    $written = $commands | Export-MamlCommandHelp -OutputFolder $temporary -Force
    $maml = [xml]::new()
    $maml.Load("$($written.FullName)")
}
finally {
    $temporary.Delete($true)
}

$space = [Xml.XmlNamespaceManager]::new($maml.NameTable)
$space.AddNamespace('command', 'http://schemas.microsoft.com/maml/dev/command/2004/10')
$space.AddNamespace('maml', 'http://schemas.microsoft.com/maml/2004/10')
$space.AddNamespace('dev', 'http://schemas.microsoft.com/maml/dev/2004/10')

# Appends a child element, with text if specified.
function Add-Node([Xml.XmlElement] $Parent, [string] $Name, [string] $Text) {
    $prefix, $local = $Name.Split(':')
    $node = $Parent.AppendChild($maml.CreateElement($prefix, $local, $space.LookupNamespace($prefix)))
    if ($Text) {
        $node.InnerText = $Text
    }

    $node
}

# The Markdown of a node without comments, which are marks for the tests. PlatyPS pads examples with an invisible character.
function Get-Markdown([Xml.XmlNode] $Node) {
    $Node.SelectNodes('maml:para', $space).InnerText.Where({ $_.Trim([char] 0x80, ' ') }) -join "`n`n" -replace '(?m)^<!--.*-->\n+'
}

function Set-Paragraph([Xml.XmlElement] $Node, [string] $Markdown) {
    $Node.RemoveAll()
    foreach ($paragraph in ConvertTo-HelpText $Markdown) {
        $null = Add-Node $Node 'maml:para' $paragraph
    }
}

function Update-Example([Xml.XmlElement] $Example) {
    $heading = $Example.SelectSingleNode('maml:title', $space).InnerText.Trim('-', ' ')
    $text = Get-Markdown $Example.SelectSingleNode('maml:introduction', $space)
    if ($text -notmatch '(?s)^```powershell\n(.*?)\n```(.*)$') {
        throw "An example must start with its code: $heading"
    }

    $code, $remarks = $Matches[1, 2]
    $Example.RemoveAll()
    $null = Add-Node $Example 'maml:title' "---------- $heading ----------"
    $null = Add-Node $Example 'dev:code' $code
    $node = Add-Node $Example 'dev:remarks'
    Set-Paragraph $node $remarks
    # Get-Help does not add a blank line before the next example.
    $null = Add-Node $node 'maml:para'
}

function Update-Parameter([Xml.XmlElement] $Parameter, [Xml.XmlElement] $Command, [string] $Default) {
    $value = $Parameter.SelectSingleNode('command:parameterValue', $space)
    if ($value) {
        # The short type name, as in the syntax.
        $name = $Parameter.SelectSingleNode('maml:name', $space).InnerText
        $value.InnerText = $Command.SelectSingleNode("command:syntax//command:parameter[maml:name='$name']/command:parameterValue", $space).InnerText
    }

    $null = Add-Node $Parameter 'dev:defaultValue' ($Default ? $Default : 'None')
}

# A link to a page of this module becomes its name. Any other link becomes an absolute URL, resolved against that of the page.
function Update-Link([Xml.XmlElement] $Link, [uri] $Page) {
    $uri = $Link.SelectSingleNode('maml:uri', $space)
    if ($uri.InnerText -match '^[\w-]+\.md$') {
        $uri.InnerText = ''
    }
    elseif ($uri.InnerText) {
        $uri.InnerText = [uri]::new($Page, $uri.InnerText).AbsoluteUri
    }
}

foreach ($help in $commands) {
    $command = $maml.SelectSingleNode("//command:command[command:details/command:name='$($help.Title)']", $space)
    foreach ($node in $command.SelectNodes('.//maml:description | .//maml:alert', $space)) {
        if ($node.HasChildNodes) {
            Set-Paragraph $node (Get-Markdown $node)
        }
    }

    foreach ($node in $command.SelectNodes('command:examples/command:example', $space)) {
        Update-Example $node
    }

    foreach ($node in $command.SelectNodes('command:parameters/command:parameter', $space)) {
        $name = $node.SelectSingleNode('maml:name', $space).InnerText
        Update-Parameter $node $command $help.Parameters.Where({ $_.Name -eq $name })[0].DefaultValue
    }

    foreach ($node in $command.SelectNodes('.//maml:navigationLink', $space)) {
        Update-Link $node $help.OnlineVersionUrl
    }
}

$null = $maml.InsertBefore($maml.CreateComment(" Made by ./build.ps1 Docs from docs/en-US, with PlatyPS $($platyPS.Version). "), $maml.DocumentElement)
$settings = [Xml.XmlWriterSettings] @{
    Encoding        = [Text.UTF8Encoding]::new($false)
    Indent          = $true
    NewLineChars    = "`n"
    NewLineHandling = 'None'
}
$writer = [Xml.XmlWriter]::Create($Destination, $settings)
try {
    $maml.Save($writer)
}
finally {
    $writer.Dispose()
}

[IO.File]::AppendAllText($Destination, "`n")
Write-Host "The help of $($commands.Count) cmdlets is in $Destination"
