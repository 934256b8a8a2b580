BeforeDiscovery {
    $exports = (Import-PowerShellDataFile "$PSScriptRoot/../../Chuizi.Video.psd1").CmdletsToExport
}

BeforeAll {
    . "$PSScriptRoot/Support.ps1"

    # The code of each example of a page, a text for each.
    function Get-PageCode([string] $Name) {
        $examples = ((Get-Content "$root/docs/en-US/$Name.md" -Raw) -split '(?m)^## ').Where({ $_ -match '^EXAMPLES' })[0]
        [regex]::Matches($examples, '(?ms)^### .*?^```powershell\n(.*?)\n```').ForEach({ $_.Groups[1].Value })
    }

    function Test-PlatyPS {
        if (-not (Get-Module Microsoft.PowerShell.PlatyPS -ListAvailable | Where-Object Version -GE '1.0')) {
            Set-ItResult -Skipped -Because 'the module Microsoft.PowerShell.PlatyPS 1.0 or later is not installed'
        }
    }
}

Describe 'Get-Help <_>' -ForEach $exports {
    BeforeAll {
        $name = $_
        $help = Get-Help $name -Full
        # In a window of 80 columns the last stays free.
        $lines = Format-AtWidth $help 79
    }

    It 'has every section with -Full' {
        foreach ($heading in 'NAME', 'SYNOPSIS', 'SYNTAX', 'DESCRIPTION', 'PARAMETERS', 'INPUTS', 'OUTPUTS', 'NOTES', 'RELATED LINKS') {
            $lines | Should -Contain $heading
            # The line below it, or the one after that, is no heading again.
            $lines[$lines.IndexOf($heading) + 1] + $lines[$lines.IndexOf($heading) + 2] + $lines[$lines.IndexOf($heading) + 3] | Should -Match '^\s+\S'
        }
        $help.Synopsis | Should -Match '\.$'
    }

    It 'describes every parameter' {
        $real = (Get-Command $name).Parameters.Values.Where({ $_.Name -notin [Management.Automation.Cmdlet]::CommonParameters }).Name | Sort-Object
        $help.parameters.parameter.name | Sort-Object | Should -Be $real
        foreach ($parameter in $help.parameters.parameter) {
            "$($parameter.description.Text)" | Should -Match '\w.*\.' -Because "-$($parameter.name) is a parameter"
            Get-Help $name -Parameter $parameter.name | Out-String | Should -Match "(?m)^-$($parameter.name)\b"
        }
    }

    It 'has no markdown in it' {
        $lines -match '```|\| ---|\]\(|^\s*\|' | Should -BeNullOrEmpty
        $lines -match '`' | Should -BeNullOrEmpty
    }

    It 'shows the examples of the page whole with -Examples, and they parse' {
        $shown = Format-AtWidth (Get-Help $name -Examples) 79
        $told = @((Get-Help $name -Examples).examples.example.code)
        $code = @(Get-PageCode $name)
        $told.Count | Should -BeGreaterOrEqual 3
        $told | Should -Be $code
        foreach ($line in $code.Split("`n").Where({ $_ })) {
            $shown | Should -Contain "    $($line.TrimEnd())"
        }
        foreach ($text in $told) {
            { [scriptblock]::Create($text) } | Should -Not -Throw
        }
    }

    It 'leads to the page of the project with -Online' {
        $project = (Import-PowerShellDataFile "$moduleFolder/Chuizi.Video.psd1").PrivateData.PSData.ProjectUri
        $help.relatedLinks.navigationLink[0].uri | Should -Be "$project/blob/main/docs/en-US/$name.md"
        (Get-Command $name).HelpUri | Should -Be $help.relatedLinks.navigationLink[0].uri
    }
}

Describe 'about_Chuizi_Video' {
    It 'is found, and fits' {
        $text = Get-Help about_Chuizi_Video
        $text | Should -Match '(?s)^TOPIC\s+about_Chuizi_Video\s+SHORT DESCRIPTION\s+Makes AI videos'
        ($text.Split("`n").TrimEnd() | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 80
    }

    It 'is found in a window of another language, with the help of the cmdlets' {
        $run = Invoke-Pwsh "[cultureinfo]::CurrentUICulture = 'de-DE'; Import-Module '$moduleFolder'; (Get-Help about_Chuizi_Video).Split([char]10)[1].Trim(); (Get-Help Wait-ChuiziVideo).Synopsis"
        $run.Lines | Should -Be 'about_Chuizi_Video', (Get-Help Wait-ChuiziVideo).Synopsis
    }
}

Describe 'The MAML' {
    It 'is what ./build.ps1 Docs makes of the pages, byte for byte' {
        Test-PlatyPS
        $with = (Select-String -LiteralPath "$root/src/Chuizi.Video/en-US/Chuizi.Video.dll-Help.xml" -Pattern 'with PlatyPS ([\d.]+)\. ').Matches[0].Groups[1].Value
        $here = (Get-Module Microsoft.PowerShell.PlatyPS -ListAvailable | Sort-Object Version -Descending)[0].Version
        if ($with -ne $here) {
            Set-ItResult -Skipped -Because "it was made with PlatyPS $with, and here is $here"
        }
        $run = Invoke-Pwsh "& '$root/tools/Help/Update-MamlHelp.ps1' -Pages '$root/docs/en-US' -Destination '$TestDrive/made.xml'"
        $run.Code | Should -Be 0 -Because "$($run.Lines)"
        (Get-FileHash $TestDrive/made.xml).Hash | Should -Be (Get-FileHash "$root/src/Chuizi.Video/en-US/Chuizi.Video.dll-Help.xml").Hash
        (Get-FileHash $TestDrive/made.xml).Hash | Should -Be (Get-FileHash "$moduleFolder/en-US/Chuizi.Video.dll-Help.xml").Hash
    }

    It 'has pages that PlatyPS takes for its own' {
        Test-PlatyPS
        $run = Invoke-Pwsh "Import-Module Microsoft.PowerShell.PlatyPS; Get-ChildItem '$root/docs/en-US/*-*.md' | Where-Object { -not (Test-MarkdownCommandHelp `$_.FullName) } | ForEach-Object Name"
        $run.Lines | Should -BeNullOrEmpty
        $run.Code | Should -Be 0
    }
}
