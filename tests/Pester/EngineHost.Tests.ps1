BeforeDiscovery {
    $scripts = @(
        @{ Name = 'exit gives its number'; Text = 'exit 3'; Arguments = @() }
        @{ Name = 'throw gives 1'; Text = "'out'; throw 'no'"; Arguments = @() }
        @{ Name = 'an error that ends nothing gives 0'; Text = "1 / 0; 'after'"; Arguments = @() }
        @{ Name = 'a failed program gives 0'; Text = "& dotnet no-such-command 2>&1 | Out-Null; 'after'"; Arguments = @() }
        @{ Name = 'a script that does not parse gives 1'; Text = 'if ( {'; Arguments = @() }
        @{ Name = 'an unknown parameter gives 1'; Text = 'param($Known) $Known'; Arguments = '-Unknown', 'x' }
        @{ Name = 'parameters are bound'; Text = 'param([switch] $On, [int] $Number, $Rest) "$On $Number $Rest"'; Arguments = '-Number', '5', '-On', 'a b' }
        @{ Name = 'switches can be off'; Text = 'param([switch] $On) "$On"'; Arguments = @('-On:$false') }
        @{ Name = 'values with a colon stay whole'; Text = 'param($Address) $Address'; Arguments = '-Address', 'https://example.com/x' }
        @{ Name = 'what begins with two dashes is a value'; Text = 'param($First, [Parameter(ValueFromRemainingArguments)] [string[]] $Rest) "$First $Rest"'; Arguments = 'a', '--number', '5' }
        @{ Name = 'the folder of the script is known'; Text = '$PSScriptRoot; $PSCommandPath'; Arguments = @() }
    )
}

BeforeAll {
    . "$PSScriptRoot/Support.ps1"
    $assembly = & dotnet build "$root/tools/EngineHost" --configuration Release --getProperty:TargetPath --getTargetResult:Build | ConvertFrom-Json
    $hostPath = $assembly.Properties.TargetPath

    # The output and the exit code of a script file in both: the engine host and this pwsh.
    function Compare-Run([string] $Text, [string[]] $Arguments) {
        $file = "$TestDrive/script.ps1"
        Set-Content $file $Text
        $pwsh = [Environment]::ProcessPath
        $before = [IO.Path]::GetFileNameWithoutExtension($pwsh) -eq 'dotnet' ? @("$PSHOME/pwsh.dll") : @()
        $wanted = & $pwsh @before -NoProfile -NonInteractive -File $file @Arguments 2>$null
        $wantedCode = $LASTEXITCODE
        $given = & dotnet $hostPath $file @Arguments 2>$null
        [pscustomobject]@{ Wanted = @($wanted; $wantedCode) -join "`n"; Given = @($given; $LASTEXITCODE) -join "`n" }
    }
}

Describe 'The engine host' {
    It 'is as pwsh -File: <Name>' -ForEach $scripts {
        $run = Compare-Run $Text $Arguments
        $run.Given | Should -Be $run.Wanted
    }

    It 'writes errors to the error stream, with their text' {
        Set-Content $TestDrive/error.ps1 "throw 'a reason'"
        $lines = & dotnet $hostPath $TestDrive/error.ps1 2>&1
        @($lines).Where({ $_ -is [Management.Automation.ErrorRecord] }) -join ' ' | Should -Match 'a reason'
    }
}

Describe 'Its shims are as the real commands' {
    It 'Import-Csv' {
        $rows = 'Prompt,"a ""quoted"" name",Last', '"x, y", padded ,', '"two', 'lines",', '', 'short', 'b,c,d,too many', '一只,é,"ü"'
        Set-Content $TestDrive/rows.csv $rows -Encoding utf8BOM
        Set-Content $TestDrive/tabs.csv "a`tb", "1,5`t2"
        $run = Compare-Run @'
foreach ($row in @(Import-Csv "$PSScriptRoot/rows.csv") + @(Import-Csv -LiteralPath "$PSScriptRoot/tabs.csv" -Delimiter "`t")) {
    $row.PSObject.TypeNames[0]
    foreach ($cell in $row.PSObject.Properties) { "$($cell.Name)=<$($cell.Value)> $($null -eq $cell.Value)" }
}
'@
        $run.Wanted | Should -Match '<x, y>'
        $run.Given | Should -Be $run.Wanted
    }

    It 'Import-Csv of a file that is not there' {
        $run = Compare-Run 'try { Import-Csv -LiteralPath nowhere.csv } catch { "caught $($_.FullyQualifiedErrorId.Split(",")[0])" }'
        $run.Wanted | Should -Match 'caught'
        $run.Given | Should -Be $run.Wanted
    }

    It 'Write-Host, Set-Content, Select-Object, Push-Location and Pop-Location' {
        $run = Compare-Run @'
Write-Host one two; Write-Host (1, 2); Write-Host; 'piped' | Write-Host
'a', 'b' | Set-Content "$PSScriptRoot/lines.txt"; [IO.File]::ReadAllBytes("$PSScriptRoot/lines.txt") -join ' '
$selected = [pscustomobject]@{ A = 1; B = 2 } | Select-Object b, C
$selected.PSObject.TypeNames[0]; foreach ($member in $selected.PSObject.Properties) { "$($member.Name)=$($member.Value)" }
Push-Location -LiteralPath $PSScriptRoot; "$PWD" -eq $PSScriptRoot; Pop-Location; "$PWD" -eq $PSScriptRoot
'@
        $run.Wanted | Should -Match 'one two'
        $run.Given | Should -Be $run.Wanted
    }
}
