BeforeDiscovery {
    $hasThreadJobs = [bool] (Get-Command Start-ThreadJob -ErrorAction Ignore)
}

BeforeAll {
    . "$PSScriptRoot/Support.ps1"
    $sandbox = Start-ChuiziVideoSandbox -GenerationTime 0
    $video = [pscustomobject]@{ Prompt = 'a lake'; Duration = 4; Slug = 'lake' } | New-ChuiziVideo
    $work = {
        param($module, $address, $key, $destination)
        Import-Module $module
        Connect-ChuiziVideo -BaseUri $address -ApiKey $key
        $input | Wait-ChuiziVideo | Save-ChuiziVideo -Destination $destination -FileName { $_.Input.Slug }
    }
}

AfterAll {
    Stop-ChuiziVideoSandbox
}

Describe 'A job in another process' {
    It 'takes up a video, and gives it back whole' {
        $job = Start-Job $work -ArgumentList $moduleFolder, $sandbox.BaseAddress, $sandbox.ApiKey, "$TestDrive/job" -InputObject $video
        $result = $job | Receive-Job -Wait -AutoRemoveJob -ErrorAction Stop
        $result.PSObject.TypeNames[0] | Should -Be 'Deserialized.Chuizi.Video.Video'
        $result.Id | Should -Be $video.Id
        $result.Status | Should -Be 'succeeded'
        $result.Path | Should -Exist
        Split-Path $result.Path -Leaf | Should -Be 'lake.mp4'
        $result.Cost | Should -BeOfType [decimal]
        $result.Created | Should -BeOfType [datetime]
        $result.Input.Slug | Should -Be 'lake'

        # What came back goes on here as any other.
        $again = $result | Save-ChuiziVideo -Destination $TestDrive/back
        $again.Sha256 | Should -Be $result.Sha256
        $again.Path | Should -Exist
    }
}

Describe 'A thread job' -Skip:(-not $hasThreadJobs) {
    It 'does not find the connection of another runspace, and says so' {
        $job = Start-ThreadJob { Import-Module $using:moduleFolder; Get-ChuiziVideo ($using:video).Id }
        { $job | Receive-Job -Wait -AutoRemoveJob -ErrorAction Stop } | Should -Throw -ErrorId 'NotConnected,*'
    }

    It 'works on live videos with its own connection' {
        $job = Start-ThreadJob $work -ArgumentList $moduleFolder, $sandbox.BaseAddress, $sandbox.ApiKey, "$TestDrive/thread" -InputObject $video
        $result = $job | Receive-Job -Wait -AutoRemoveJob -ErrorAction Stop
        $result.PSObject.TypeNames[0] | Should -Be 'Chuizi.Video.Video'
        $result.Path | Should -Exist
    }
}

Describe 'A video in a file' {
    It 'survives Export-Clixml' {
        $failed = New-ChuiziVideo 'forbidden' | Wait-ChuiziVideo -ErrorAction SilentlyContinue
        $failed | Export-Clixml $TestDrive/video.xml
        $back = Import-Clixml $TestDrive/video.xml
        $back.Error.Message | Should -Be 'Content policy violation'
        $back.Status | Should -Be 'failed'
        ($back | Get-ChuiziVideo).Id | Should -Be $failed.Id
    }
}
