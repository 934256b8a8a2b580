BeforeAll {
    . "$PSScriptRoot/Support.ps1"
}

Describe 'The help in a session with another UI culture' {
    It 'is found for the topic and for the cmdlets' {
        $run = Invoke-Pwsh "[cultureinfo]::CurrentUICulture = 'de-DE'; Import-Module '$moduleFolder'; (Get-Help about_Chuizi_Video).Split([char]10)[1].Trim(); (Get-Help Wait-ChuiziVideo).Synopsis"
        $run.Lines | Should -Be 'about_Chuizi_Video', (Get-Help Wait-ChuiziVideo).Synopsis
    }
}

Describe 'The committed MAML' {
    It 'is identical to what ./build.ps1 Docs generates from the pages' {
        $committed = "$root/src/Chuizi.Video/en-US/Chuizi.Video.dll-Help.xml"
        $version = (Select-String -LiteralPath $committed -Pattern 'with PlatyPS ([\d.]+)\. ').Matches[0].Groups[1].Value
        if (-not (Get-Module Microsoft.PowerShell.PlatyPS -ListAvailable | Where-Object Version -EQ $version)) {
            Set-ItResult -Skipped -Because "Microsoft.PowerShell.PlatyPS $version is not installed. The public workflow installs it and compares the help"
            return
        }

        $run = Invoke-Pwsh "& '$root/tools/Help/Update-MamlHelp.ps1' -Pages '$root/docs/en-US' -Destination '$TestDrive/made.xml'"
        $run.Code | Should -Be 0 -Because "$($run.Lines)"
        (Get-FileHash $TestDrive/made.xml).Hash | Should -Be (Get-FileHash $committed).Hash
        (Get-FileHash $TestDrive/made.xml).Hash | Should -Be (Get-FileHash "$moduleFolder/en-US/Chuizi.Video.dll-Help.xml").Hash

        $run = Invoke-Pwsh "Import-Module Microsoft.PowerShell.PlatyPS; Get-ChildItem '$root/docs/en-US/*-*.md' | Where-Object { -not (Test-MarkdownCommandHelp `$_.FullName) } | ForEach-Object Name"
        $run.Lines | Should -BeNullOrEmpty -Because 'every page is one that PlatyPS accepts'
        $run.Code | Should -Be 0
    }
}
